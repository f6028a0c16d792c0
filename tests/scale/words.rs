//! The words that made-up posts are put together from.

use fastrand::Rng;

/// What posts are about; the first two dozen, combined in pairs, also name the English tags.
pub const NOUNS: [&str; 48] = [
    "memory",
    "rivers",
    "editors",
    "bread",
    "compilers",
    "trains",
    "gardens",
    "databases",
    "letters",
    "maps",
    "networks",
    "paper",
    "parsers",
    "bicycles",
    "fonts",
    "queues",
    "clocks",
    "kernels",
    "mountains",
    "tests",
    "servers",
    "radios",
    "caches",
    "harbours",
    "tables",
    "deadlines",
    "winters",
    "libraries",
    "files",
    "neighbours",
    "schedulers",
    "kitchens",
    "sockets",
    "lamps",
    "numbers",
    "questions",
    "shells",
    "threads",
    "windows",
    "stories",
    "sensors",
    "bridges",
    "locks",
    "pages",
    "signals",
    "trees",
    "buffers",
    "mornings",
];

const ADJECTIVES: [&str; 24] = [
    "small", "slow", "quiet", "broken", "plain", "early", "shared", "honest", "cheap", "old",
    "bright", "narrow", "empty", "patient", "rare", "loud", "simple", "late", "careful", "cold",
    "common", "strange", "warm", "useful",
];

const VERBS: [&str; 24] = [
    "keeps",
    "breaks",
    "explains",
    "forgets",
    "measures",
    "copies",
    "needs",
    "changes",
    "hides",
    "teaches",
    "repairs",
    "counts",
    "loses",
    "carries",
    "follows",
    "outlives",
    "replaces",
    "orders",
    "reads",
    "blocks",
    "answers",
    "splits",
    "moves",
    "remembers",
];

const JOINS: [&str; 10] = [
    "and", "but", "because", "while", "until", "although", "so", "before", "after", "whenever",
];

const CHINESE_THINGS: [&str; 36] = [
    "内存",
    "河流",
    "编辑器",
    "面包",
    "编译器",
    "火车",
    "花园",
    "数据库",
    "书信",
    "地图",
    "网络",
    "纸张",
    "解析器",
    "自行车",
    "字体",
    "队列",
    "时钟",
    "内核",
    "山路",
    "测试",
    "服务器",
    "收音机",
    "缓存",
    "港口",
    "线程",
    "窗口",
    "故事",
    "桥梁",
    "信号",
    "清晨",
    "冬天",
    "图书馆",
    "邻居",
    "厨房",
    "问题",
    "文件",
];

const CHINESE_VERBS: [&str; 20] = [
    "记录了",
    "改变着",
    "解释了",
    "隐藏着",
    "测量出",
    "复制了",
    "需要",
    "依赖于",
    "修好了",
    "忘记了",
    "等待着",
    "回答了",
    "超过了",
    "取代了",
    "穿过",
    "保存着",
    "打断了",
    "教会了",
    "数清了",
    "移动着",
];

const CHINESE_OPENINGS: [&str; 16] = [
    "其实",
    "后来",
    "当时",
    "一般来说",
    "有一天",
    "仔细想想",
    "换句话说",
    "不过",
    "所以",
    "直到今天",
    "很少有人知道",
    "如果可以",
    "在大多数情况下",
    "令人意外的是",
    "说到底",
    "与此同时",
];

pub fn any<'a>(rng: &mut Rng, words: &[&'a str]) -> &'a str {
    words[rng.usize(..words.len())]
}

/// An English sentence with a space behind it.
pub fn sentence(rng: &mut Rng, out: &mut String) {
    let start = out.len();
    for clause in 0..rng.usize(1..=3) {
        if clause > 0 {
            out.extend([", ", any(rng, &JOINS), " "]);
        }
        out.extend([
            "the ",
            any(rng, &ADJECTIVES),
            " ",
            any(rng, &NOUNS),
            " ",
            any(rng, &VERBS),
        ]);
        match rng.u8(..12) {
            0 => out.extend([" **", any(rng, &NOUNS), "**"]),
            1 => out.extend([" `", any(rng, &NOUNS), "()`"]),
            2 => {
                let noun = any(rng, &NOUNS);
                out.extend([" [", noun, "](https://example.org/", noun, ")"]);
            }
            _ => out.extend([" ", any(rng, &ADJECTIVES), " ", any(rng, &NOUNS)]),
        }
    }
    out[start..=start].make_ascii_uppercase();
    out.push_str(". ");
}

/// A Chinese sentence.
pub fn chinese_sentence(rng: &mut Rng, out: &mut String) {
    out.extend([any(rng, &CHINESE_OPENINGS), "，"]);
    for clause in 0..rng.usize(1..=3) {
        if clause > 0 {
            out.push('，');
        }
        out.extend([any(rng, &CHINESE_THINGS), any(rng, &CHINESE_VERBS)]);
        match rng.u8(..12) {
            0 => out.extend(["**", any(rng, &CHINESE_THINGS), "**"]),
            1 => out.extend([" `", any(rng, &NOUNS), "` "]),
            _ => out.push_str(any(rng, &CHINESE_THINGS)),
        }
    }
    out.push('。');
}

/// The title of a post; some need quotes in YAML.
pub fn title(rng: &mut Rng, is_chinese: bool) -> String {
    let [one, other] = [(); 2].map(|()| match is_chinese {
        true => any(rng, &CHINESE_THINGS),
        false => any(rng, &NOUNS),
    });
    match (is_chinese, rng.u8(..4)) {
        (true, 0) => format!("关于{one}的笔记"),
        (true, 1) => format!("《{one}》：{other}之后"),
        (true, _) => format!("为什么{one}{}{other}", any(rng, &CHINESE_VERBS)),
        (false, 0) => format!("Notes on {one} and {other}"),
        (false, 1) => format!("{} {one}: what we learned", any(rng, &ADJECTIVES)),
        (false, 2) => format!("\"{one}\" & {other}"),
        (false, _) => format!("Why {one} and {other} {}", any(rng, &VERBS)),
    }
}

/// How many tags have Chinese names: those with the lowest numbers.
pub const CHINESE_TAGS: usize = 90;

/// The name of a tag.
pub fn tag(number: usize) -> String {
    match number.checked_sub(CHINESE_TAGS) {
        Some(english) => format!("{} {}", ADJECTIVES[english / 24], NOUNS[english % 24]),
        None => format!(
            "{}{}",
            CHINESE_THINGS[number / 6],
            ["史", "论", "记", "谈", "学", "集"][number % 6]
        ),
    }
}
