//! What is counted and what is not, over modules of every shape.

use wasmparser::{Validator, WasmFeatures};

use super::count;

/// A component with an allocator whose functions have these parameters and results.
struct Shape {
    word: &'static str,
    free_returns: bool,
    realloc_parameters: usize,
    has_globals: bool,
    has_exports: bool,
    signed: bool,
}

impl Shape {
    fn is_counted(&self) -> bool {
        self.signed
            && self.word == "i32"
            && !self.free_returns
            && self.realloc_parameters == 2
            && self.has_globals
            && self.has_exports
    }

    fn component(&self) -> Vec<u8> {
        let Self { word, .. } = self;
        let function = |name: &str, parameters: usize, returns: bool| {
            let parameters = format!(" {word}").repeat(parameters);
            let (result, body) = match returns {
                true => (format!("(result {word})"), format!("{word}.const 8")),
                false => (String::new(), String::new()),
            };
            format!("(func ${name} (param{parameters}) {result} {body})\n")
        };
        let choose = |wanted, text: &str| {
            if wanted {
                text.to_owned()
            } else {
                String::new()
            }
        };
        let module = [
            format!("(memory {} 1)\n", if *word == "i64" { "i64" } else { "" }),
            choose(
                self.has_globals,
                "(global $stack (mut i32) (i32.const 0))\n",
            ),
            choose(self.has_exports, "(export \"free\" (func $free))\n"),
            choose(self.signed, "(func $dispose_chunk)\n"),
            function("malloc", 1, true),
            function("calloc", 2, true),
            function("free", 1, self.free_returns),
            function("realloc", self.realloc_parameters, true),
            function("posix_memalign", 3, true),
            "(table funcref (elem $malloc $free)) (data (i32.const 0) \"x\")"
                .replace("i32.const", &format!("{word}.const")),
        ];
        let module = module.concat();
        let nested = "(component (core module))";
        wat::parse_str(format!(
            "(component {nested} (core module (func)) (core module $m {module}) (core instance (instantiate $m)))"
        ))
        .expect("a component")
    }
}

fn shapes() -> impl Iterator<Item = Shape> {
    (0..64).map(|bits: u32| {
        let bit = |place: u32| bits >> place & 1 == 1;
        Shape {
            word: if bit(0) { "i64" } else { "i32" },
            free_returns: bit(1),
            realloc_parameters: if bit(2) { 1 } else { 2 },
            has_globals: !bit(3),
            has_exports: !bit(4),
            signed: !bit(5),
        }
    })
}

#[test]
fn what_is_counted_is_valid_and_the_rest_stays_as_it_is() {
    for shape in shapes() {
        let component = shape.component();
        let validate = |bytes: &[u8]| {
            let mut validator = Validator::new_with_features(WasmFeatures::all());
            validator.validate_all(bytes).map(|_| ())
        };
        validate(&component).expect("valid before");
        let counted = count(&component);
        let shape_is = (shape.word, shape.free_returns, shape.realloc_parameters);
        assert_eq!(counted.is_some(), shape.is_counted(), "{shape_is:?}");
        if let Some(counted) = counted {
            validate(&counted).expect("valid with counters");
        }
    }
}
