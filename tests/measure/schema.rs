//! The JSON report is what its schema says: no field less, none more, none of another type.

use serde_json::{Value, json};

use super::program::measure;
use crate::support::guests;

fn schema() -> Value {
    let file = guests::root().join("host/src/measure/report/schema.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

#[test]
fn reports_fit() {
    let schema = schema();
    let leak = ["-n", "1000", "--reuse", "1000", "--request", "GET /slow"];
    for arguments in [&leak[..], &["-n", "300"], &["--request", "GET /bomb"]] {
        let report = measure(arguments).report;
        assert_eq!(check(&schema, &schema, &report, "report"), Ok(()));
    }
}

#[test]
fn what_does_not_fit_is_found() {
    let schema = schema();
    let report = measure(&["-n", "300", "--request", "GET /clean"]).report;
    let changes = [
        ("/verdict/outcome", json!("fine")),
        ("/kinds/0/extra", json!(1)),
        ("/requests", json!(-1)),
        ("/elapsed_ms", json!("long")),
        ("/host", json!({})),
    ];
    for (pointer, value) in changes {
        let mut broken = report.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        broken.pointer_mut(parent).unwrap()[name] = value;
        let error = check(&schema, &schema, &broken, "report").unwrap_err();
        assert!(error.contains(name), "{error}");
    }
}

/// Checks `value` by the part of JSON Schema that the file uses; a keyword beyond that fails.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{at}: {what}: {value}"));
    for (keyword, rule) in schema.as_object().unwrap() {
        let fits = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "properties" => true,
            "additionalProperties" => {
                properties(root, schema, value, at)?;
                true
            }
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                check(root, root.pointer(pointer).unwrap(), value, at)?;
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{at}[{index}]"))?;
                }
                true
            }
            "required" => value.as_object().is_none_or(|object| {
                let mut names = rule.as_array().unwrap().iter();
                names.all(|name| object.contains_key(name.as_str().unwrap()))
            }),
            "type" => match rule.as_array() {
                Some(types) => types.iter().any(|ty| is(value, ty)),
                None => is(value, rule),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64() >= rule.as_f64(),
            other => panic!("{at}: the keyword {other} is not known here"),
        };
        if !fits {
            return wrong(keyword);
        }
    }
    Ok(())
}

fn properties(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    for (name, property) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => return Err(format!("{at} is not in the schema")),
            (Value::Null, rule) | (rule, _) => check(root, rule, property, &at)?,
        }
    }
    Ok(())
}

fn is(value: &Value, ty: &Value) -> bool {
    match ty.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not known here"),
    }
}
