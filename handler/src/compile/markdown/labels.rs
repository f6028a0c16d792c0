//! Labels: the few words that compiling itself adds to a document, in the document's language.

/// The words of one language.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) note: &'static str,
    pub(super) tip: &'static str,
    pub(super) important: &'static str,
    pub(super) warning: &'static str,
    pub(super) caution: &'static str,
    pub(super) footnotes: &'static str,
    pub(super) back: &'static str,
    pub(super) done: &'static str,
    pub(super) open: &'static str,
}

impl Labels {
    /// The words of `lang`, else English.
    pub(super) fn of(lang: &str) -> &'static Self {
        match lang.split('-').next() {
            Some("zh") => &CHINESE,
            _ => &ENGLISH,
        }
    }
}

static ENGLISH: Labels = Labels {
    note: "Note",
    tip: "Tip",
    important: "Important",
    warning: "Warning",
    caution: "Caution",
    footnotes: "Footnotes",
    back: "Back to the text",
    done: "Done",
    open: "Open",
};

static CHINESE: Labels = Labels {
    note: "注",
    tip: "提示",
    important: "重要",
    warning: "警告",
    caution: "小心",
    footnotes: "脚注",
    back: "返回正文",
    done: "已完成",
    open: "未完成",
};
