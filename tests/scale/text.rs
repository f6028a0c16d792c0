//! The Markdown of a made-up post: paragraphs first of all, and what stands between them.

use super::words::{NOUNS, any, chinese_sentence, sentence};
use fastrand::Rng;

/// Appends blocks to `text` until it has `bytes`, give or take a sentence.
pub fn write(rng: &mut Rng, text: &mut String, bytes: usize, is_chinese: bool) {
    paragraph(rng, text, bytes, is_chinese);
    if rng.u8(..5) == 0 {
        text.push_str("<!--more-->\n\n");
    }
    while text.len() < bytes {
        // A block of another kind stands where some more text follows it.
        if bytes - text.len() > 1200 {
            match rng.u8(..12) {
                0 | 1 => heading(rng, text, is_chinese),
                2 => list(rng, text, is_chinese),
                3 => code(rng, text),
                4 => quote(rng, text, is_chinese),
                5 => table(rng, text),
                _ => {}
            }
        }
        paragraph(rng, text, bytes, is_chinese);
    }
}

fn say(rng: &mut Rng, text: &mut String, is_chinese: bool) {
    if is_chinese {
        chinese_sentence(rng, text);
    } else {
        sentence(rng, text);
    }
}

fn paragraph(rng: &mut Rng, text: &mut String, bytes: usize, is_chinese: bool) {
    for _ in 0..rng.usize(2..=6) {
        if text.len() < bytes {
            say(rng, text, is_chinese);
        }
    }
    text.push_str("\n\n");
}

fn heading(rng: &mut Rng, text: &mut String, is_chinese: bool) {
    let level = if rng.u8(..3) == 0 { "###" } else { "##" };
    let about = any(rng, &NOUNS);
    if is_chinese {
        text.extend([level, " 关于 ", about, " 的几点\n\n"]);
    } else {
        text.extend([level, " What ", about, " are for\n\n"]);
    }
}

fn list(rng: &mut Rng, text: &mut String, is_chinese: bool) {
    for item in 1..=rng.usize(3..=6) {
        text.push_str(&format!("{item}. "));
        say(rng, text, is_chinese);
        text.push('\n');
    }
    text.push('\n');
}

fn code(rng: &mut Rng, text: &mut String) {
    let lang = any(rng, &["rust", "python", "js", "sh", "text"]);
    text.extend(["```", lang, "\n"]);
    for line in 0..rng.usize(4..=14) {
        let [one, other] = [(); 2].map(|()| any(rng, &NOUNS));
        text.push_str(&format!(
            "let {one}{line} = {other}(\"{one}\", {}); // {other}\n",
            rng.u16(..)
        ));
    }
    text.push_str("```\n\n");
}

fn quote(rng: &mut Rng, text: &mut String, is_chinese: bool) {
    text.push_str("> ");
    say(rng, text, is_chinese);
    text.push_str("\n\n");
}

fn table(rng: &mut Rng, text: &mut String) {
    text.push_str("| what | before | after |\n|---|---:|---:|\n");
    for _ in 0..rng.usize(2..=6) {
        let row = format!(
            "| {} | {} | {} |\n",
            any(rng, &NOUNS),
            rng.u16(..),
            rng.u8(..)
        );
        text.push_str(&row);
    }
    text.push('\n');
}
