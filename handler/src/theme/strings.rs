//! The words that the theme itself says, by the language of the site.

use minijinja::value::{Object, Value};
use std::sync::Arc;

/// The words of a language; English where it is not known. A word is looked up when a template
/// asks for it: most pages use a third of them.
pub(super) fn of(lang: &str) -> Value {
    let words = match lang.split('-').next() {
        Some("zh") => Words::Chinese,
        _ => Words::English,
    };
    Value::from_object(words)
}

/// One word or sentence, for the code that speaks without a template.
pub fn word(lang: &str, key: &str) -> String {
    of(lang)
        .get_attr(key)
        .map(|word| word.to_string())
        .unwrap_or_default()
}

#[derive(Debug)]
enum Words {
    English,
    Chinese,
}

impl Object for Words {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (_, english, chinese) = TABLE
            .iter()
            .find(|(name, ..)| Some(*name) == key.as_str())?;
        Some(Value::from(match **self {
            Self::English => *english,
            Self::Chinese => *chinese,
        }))
    }
}

/// Key, English, Chinese.
const TABLE: &[(&str, &str, &str)] = &[
    ("skip_to_content", "Skip to content", "跳到正文"),
    ("menu", "Menu", "菜单"),
    ("tags", "Tags", "标签"),
    ("archive", "Archive", "归档"),
    ("feed", "Feed", "订阅"),
    ("contents", "Contents", "目录"),
    ("min_read", "min read", "分钟读完"),
    ("updated", "Updated", "更新于"),
    ("list_separator", ", ", "、"),
    ("draft", "Draft", "草稿"),
    ("source", "Source", "原文"),
    ("older", "Older", "上一篇"),
    ("newer", "Newer", "下一篇"),
    ("more_posts", "More posts", "更多文章"),
    ("pages", "Pages", "翻页"),
    ("older_posts", "Older posts", "更早的文章"),
    ("newer_posts", "Newer posts", "更新的文章"),
    ("post", "post", "篇"),
    ("posts", "posts", "篇"),
    (
        "no_posts",
        "Nothing has been published here yet.",
        "这里还没有文章。",
    ),
    ("go_home", "Go to the front page", "回到首页"),
    (
        "colophon",
        "Made by Mayfly for this one request, then gone.",
        "此页由 Mayfly 为这一次请求而生，随即消逝。",
    ),
    ("not_found_heading", "There is no page here", "这里没有页面"),
    (
        "not_found_message",
        "The address may be mistyped, or the page may have moved.",
        "地址可能有误，或者页面已经移走。",
    ),
    ("gone_heading", "This page is gone", "页面已不在"),
    (
        "gone_message",
        "It was here once, and has been taken down for good.",
        "它曾经在这里，如今已永久撤下。",
    ),
    ("error_heading", "Something went wrong", "出了点问题"),
    (
        "error_message",
        "The page could not be made. Please try again in a moment.",
        "页面没能生成，请稍后再试。",
    ),
];
