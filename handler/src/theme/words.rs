//! The words that the theme itself says, by the language of the site.

use minijinja::value::{Object, Value};
use std::sync::Arc;

/// The words of a language; English where it is not known. A word is looked up when a template
/// asks for it: most pages use a third of them.
pub(super) fn of(lang: &str) -> Value {
    Value::from_object(Words(Language::of(lang)))
}

/// One word or sentence, for the code that speaks without a template.
pub fn word(lang: &str, key: &str) -> &'static str {
    find(Language::of(lang), key).unwrap_or_default()
}

#[derive(Debug, Clone, Copy)]
enum Language {
    English,
    Chinese,
}

impl Language {
    fn of(lang: &str) -> Self {
        match lang.split('-').next() {
            Some("zh") => Self::Chinese,
            _ => Self::English,
        }
    }
}

#[derive(Debug)]
struct Words(Language);

impl Object for Words {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        find(self.0, key).map(Value::from)
    }
}

/// English and Chinese.
fn find(language: Language, key: &str) -> Option<&'static str> {
    let (english, chinese) = match key {
        "skip_to_content" => ("Skip to content", "跳到正文"),
        "menu" => ("Menu", "菜单"),
        "tags" => ("Tags", "标签"),
        "archive" => ("Archive", "归档"),
        "feed" => ("Feed", "订阅"),
        "contents" => ("Contents", "目录"),
        "min_read" => ("min read", "分钟读完"),
        "updated" => ("Updated", "更新于"),
        "list_separator" => (", ", "、"),
        "draft" => ("Draft", "草稿"),
        "source" => ("Source", "原文"),
        "older" => ("Older", "上一篇"),
        "newer" => ("Newer", "下一篇"),
        "more_posts" => ("More posts", "更多文章"),
        "pages" => ("Pages", "翻页"),
        "older_posts" => ("Older posts", "更早的文章"),
        "newer_posts" => ("Newer posts", "更新的文章"),
        "post" => ("post", "篇"),
        "posts" => ("posts", "篇"),
        "no_posts" => ("Nothing has been published here yet.", "这里还没有文章。"),
        "go_home" => ("Go to the front page", "回到首页"),
        "colophon" => (
            "Made by Mayfly for this one request, then gone.",
            "此页由 Mayfly 为这一次请求而生，随即消逝。",
        ),
        "not_found_heading" => ("There is no page here", "这里没有页面"),
        "not_found_message" => (
            "The address may be mistyped, or the page may have moved.",
            "地址可能有误，或者页面已经移走。",
        ),
        "gone_heading" => ("This page is gone", "页面已不在"),
        "gone_message" => (
            "It was here once, and has been taken down for good.",
            "它曾经在这里，如今已永久撤下。",
        ),
        "error_heading" => ("Something went wrong", "出了点问题"),
        "error_message" => (
            "The page could not be made. Please try again in a moment.",
            "页面没能生成，请稍后再试。",
        ),
        "rebuilding_heading" => ("Back in a moment", "稍后就好"),
        "rebuilding_message" => (
            "The list of posts is being rebuilt. Please try again in a minute.",
            "文章列表正在重建，请过一分钟再试。",
        ),
        "tags_description" => ("All tags and how many posts each has", "所有标签及其文章数"),
        "archive_description" => ("All posts by year", "按年份排列的所有文章"),
        "tag_description" => ("Posts tagged {}", "标签“{}”下的文章"),
        "year_description" => ("Posts of {}", "{} 年的文章"),
        _ => return None,
    };
    Some(match language {
        Language::English => english,
        Language::Chinese => chinese,
    })
}
