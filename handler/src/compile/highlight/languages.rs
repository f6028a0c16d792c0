//! The languages that are known: a table.

use super::language::{Feature, Language, Quote, Syntax};

/// The language that a fence names, in any case.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    let is_named = |language: &&Language| {
        language
            .names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    LANGUAGES.iter().find(is_named)
}

const fn quote(open: &'static str, close: &'static str) -> Quote {
    Quote {
        open,
        close,
        escapes: true,
        spans_lines: false,
    }
}

const fn long(open: &'static str, close: &'static str) -> Quote {
    Quote {
        open,
        close,
        escapes: true,
        spans_lines: true,
    }
}

const fn raw(open: &'static str, close: &'static str) -> Quote {
    Quote {
        open,
        close,
        escapes: false,
        spans_lines: true,
    }
}

const DOUBLE: Quote = quote("\"", "\"");
const SINGLE: Quote = quote("'", "'");
const TEMPLATE: Quote = long("`", "`");

const SLASHES: &[&str] = &["//"];
const HASH: &[&str] = &["#"];
const STARS: Option<(&str, &str)> = Some(("/*", "*/"));

const NONE: Language = Language {
    names: &[],
    syntax: Syntax::Program,
    line_comments: &[],
    block_comment: None,
    quotes: &[DOUBLE, SINGLE],
    keywords: "",
    types: "",
    literals: "",
    word_characters: "",
    features: &[],
};

const JAVASCRIPT: Language = Language {
    names: &["javascript", "js", "jsx", "mjs", "cjs"],
    line_comments: SLASHES,
    block_comment: STARS,
    quotes: &[DOUBLE, SINGLE, TEMPLATE],
    keywords: "async await break case catch class const continue debugger default delete do else export extends finally for from function get if import in instanceof let new of return set static super switch this throw try typeof var void while with yield",
    literals: "true false null undefined NaN Infinity",
    word_characters: "$",
    features: &[Feature::Calls, Feature::CapitalTypes, Feature::AtAttributes],
    ..NONE
};

const C: Language = Language {
    names: &["c", "h"],
    line_comments: SLASHES,
    block_comment: STARS,
    keywords: "auto break case const continue default do else enum extern for goto if inline register restrict return sizeof static struct switch typedef union volatile while",
    types: "char double float int long short signed unsigned void bool size_t ssize_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t FILE",
    literals: "NULL true false",
    features: &[Feature::Calls, Feature::HashDirectives],
    ..NONE
};

static LANGUAGES: [Language; 28] = [
    Language {
        names: &["rust", "rs"],
        line_comments: SLASHES,
        block_comment: STARS,
        quotes: &[long("\"", "\"")],
        keywords: "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move mut pub ref return self static struct super trait type union unsafe use where while",
        types: "bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64",
        literals: "true false",
        features: &[Feature::Rust, Feature::Calls, Feature::CapitalTypes],
        ..NONE
    },
    Language {
        names: &["go", "golang"],
        line_comments: SLASHES,
        block_comment: STARS,
        quotes: &[DOUBLE, SINGLE, raw("`", "`")],
        keywords: "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var",
        types: "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr",
        literals: "true false nil iota",
        features: &[Feature::Calls],
        ..NONE
    },
    C,
    Language {
        names: &["cpp", "c++", "cc", "cxx", "hpp"],
        quotes: &[raw("R\"(", ")\""), DOUBLE, SINGLE],
        keywords: "alignas alignof auto break case catch class co_await co_return co_yield concept const consteval constexpr constinit const_cast continue decltype default delete do dynamic_cast else enum explicit export extern final for friend goto if inline mutable namespace new noexcept operator override private protected public register reinterpret_cast requires return sizeof static static_assert static_cast struct switch template this thread_local throw try typedef typeid typename union using virtual volatile while",
        types: "bool char char8_t char16_t char32_t double float int long short signed unsigned void wchar_t size_t string vector map int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t",
        literals: "true false nullptr NULL",
        features: &[
            Feature::Calls,
            Feature::HashDirectives,
            Feature::CapitalTypes,
        ],
        ..C
    },
    Language {
        names: &["python", "py", "python3"],
        line_comments: HASH,
        quotes: &[long("\"\"\"", "\"\"\""), long("'''", "'''"), DOUBLE, SINGLE],
        keywords: "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield",
        types: "bool bytes dict float frozenset int list object set str tuple",
        literals: "True False None self cls",
        features: &[Feature::Calls, Feature::CapitalTypes, Feature::AtAttributes],
        ..NONE
    },
    JAVASCRIPT,
    Language {
        names: &["typescript", "ts", "tsx"],
        keywords: "abstract as async await break case catch class const continue debugger declare default delete do else enum export extends finally for from function get if implements import in infer instanceof interface is keyof let namespace new of override private protected public readonly return satisfies set static super switch this throw try type typeof var void while with yield",
        types: "any bigint boolean never number object string symbol unknown",
        ..JAVASCRIPT
    },
    Language {
        names: &["json", "jsonc", "json5"],
        line_comments: SLASHES,
        block_comment: STARS,
        literals: "true false null",
        features: &[Feature::ColonKeys],
        ..NONE
    },
    Language {
        names: &["toml", "ini", "conf", "properties"],
        line_comments: &["#", ";"],
        quotes: &[long("\"\"\"", "\"\"\""), raw("'''", "'''"), DOUBLE, SINGLE],
        literals: "true false inf nan",
        word_characters: "-.",
        features: &[Feature::EqualsKeys, Feature::Sections, Feature::Apostrophes],
        ..NONE
    },
    Language {
        names: &["yaml", "yml"],
        line_comments: HASH,
        literals: "true false null yes no on off",
        word_characters: "-./",
        features: &[Feature::ColonKeys, Feature::Apostrophes],
        ..NONE
    },
    Language {
        names: &["html", "htm", "xhtml", "vue", "svelte"],
        syntax: Syntax::Markup,
        ..NONE
    },
    Language {
        names: &["xml", "svg", "rss", "atom"],
        syntax: Syntax::Markup,
        ..NONE
    },
    Language {
        names: &["css", "scss", "less"],
        block_comment: STARS,
        literals: "important auto none inherit initial unset",
        word_characters: "-",
        features: &[
            Feature::ColonKeys,
            Feature::Calls,
            Feature::AtAttributes,
            Feature::HashLiterals,
            Feature::DollarVariables,
        ],
        ..NONE
    },
    Language {
        names: &["bash", "sh", "shell", "zsh", "console", "shell-session"],
        line_comments: HASH,
        quotes: &[long("\"", "\""), raw("'", "'")],
        keywords: "alias break case cd continue declare do done echo elif else esac eval exec exit export fi for function if in local printf read readonly return set shift source test then trap unset until while",
        literals: "true false",
        word_characters: "-.",
        features: &[Feature::DollarVariables, Feature::Apostrophes],
        ..NONE
    },
    Language {
        names: &["sql", "sqlite", "postgresql", "mysql"],
        line_comments: &["--"],
        block_comment: STARS,
        keywords: "add all alter and as asc begin between by cascade case check column commit constraint create cross database default delete desc distinct drop else end except exists explain foreign from full group having if in index inner insert intersect into is join key left like limit natural not offset on or order outer pragma primary references replace returning right rollback select set table then transaction trigger union unique update using values vacuum view when where with without",
        types: "bigint blob boolean char date decimal double float int integer json jsonb numeric real serial smallint text time timestamp uuid varchar",
        literals: "true false null",
        features: &[Feature::AnyCase, Feature::Calls],
        ..NONE
    },
    Language {
        names: &["java", "kotlin", "kt"],
        line_comments: SLASHES,
        block_comment: STARS,
        quotes: &[long("\"\"\"", "\"\"\""), DOUBLE, SINGLE],
        keywords: "abstract as assert break case catch class companion const continue data default do else enum extends final finally for fun goto if implements import in instanceof interface internal is lateinit native new object open override package permits private protected public record return sealed static strictfp super suspend switch synchronized this throw throws transient try val var void volatile when where while yield",
        types: "boolean byte char double float int long short",
        literals: "true false null",
        features: &[Feature::Calls, Feature::CapitalTypes, Feature::AtAttributes],
        ..NONE
    },
    Language {
        names: &["ruby", "rb"],
        line_comments: HASH,
        quotes: &[long("\"", "\""), raw("'", "'"), TEMPLATE],
        keywords: "alias and attr_accessor attr_reader attr_writer begin break case class def defined do else elsif end ensure extend for if in include loop module next not or private protected public raise redo require require_relative rescue retry return self super then undef unless until when while yield",
        literals: "true false nil __FILE__ __LINE__",
        word_characters: "?",
        features: &[
            Feature::RubyMarks,
            Feature::CapitalTypes,
            Feature::Calls,
            Feature::DollarVariables,
        ],
        ..NONE
    },
    Language {
        names: &["markdown", "md"],
        syntax: Syntax::Markdown,
        ..NONE
    },
    Language {
        names: &["diff", "patch"],
        syntax: Syntax::Diff,
        ..NONE
    },
    Language {
        names: &["makefile", "make", "mk"],
        line_comments: HASH,
        keywords: "define else endef endif export ifdef ifeq ifndef ifneq include override unexport vpath",
        word_characters: "-./%",
        features: &[
            Feature::DollarVariables,
            Feature::Targets,
            Feature::Apostrophes,
        ],
        ..NONE
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        line_comments: HASH,
        keywords: "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR",
        word_characters: "-./",
        features: &[Feature::DollarVariables, Feature::Apostrophes],
        ..NONE
    },
    Language {
        names: &["lua"],
        line_comments: &["--"],
        block_comment: Some(("--[[", "]]")),
        quotes: &[raw("[[", "]]"), DOUBLE, SINGLE],
        keywords: "and break do else elseif end for function goto if in local not or repeat return then until while",
        literals: "true false nil self",
        features: &[Feature::Calls],
        ..NONE
    },
    Language {
        names: &["haskell", "hs"],
        line_comments: &["--"],
        block_comment: Some(("{-", "-}")),
        quotes: &[DOUBLE, SINGLE],
        keywords: "as case class data default deriving do else family forall foreign hiding if import in infix infixl infixr instance let module newtype of qualified then type where",
        literals: "True False Nothing",
        word_characters: "'",
        features: &[Feature::CapitalTypes],
        ..NONE
    },
    Language {
        names: &["wat", "wast", "wit"],
        line_comments: &[";;", "//"],
        block_comment: Some(("(;", ";)")),
        quotes: &[DOUBLE],
        keywords: "block br br_if br_table call call_indirect component core data drop elem else end enum export flags func global if import include instance interface local loop memory module mut offset package param record resource result return select start static table then type unreachable use variant with world",
        types: "i32 i64 f32 f64 v128 funcref externref anyref eqref u8 u16 u32 u64 s8 s16 s32 s64 bool char string list option tuple borrow own future stream",
        word_characters: "-.",
        features: &[Feature::DollarVariables, Feature::DottedInstructions],
        ..NONE
    },
    Language {
        names: &["csharp", "cs", "c#"],
        line_comments: SLASHES,
        block_comment: STARS,
        keywords: "abstract as async await base break case catch checked class const continue default delegate do else enum event explicit extern finally fixed for foreach get goto if implicit in init interface internal is lock namespace new operator out override params private protected public readonly record ref return sealed set sizeof static struct switch this throw try typeof unchecked unsafe using var virtual void volatile where while yield",
        types: "bool byte char decimal double float int long object sbyte short string uint ulong ushort",
        literals: "true false null",
        features: &[
            Feature::Calls,
            Feature::CapitalTypes,
            Feature::HashDirectives,
        ],
        ..NONE
    },
    Language {
        names: &["php"],
        line_comments: &["//", "#"],
        block_comment: STARS,
        keywords: "abstract and array as break case catch class clone const continue declare default do echo else elseif empty enum extends final finally fn for foreach function global if implements include instanceof interface isset list match namespace new or print private protected public readonly require require_once return static switch throw trait try unset use var while xor yield",
        types: "bool float int iterable mixed object string void",
        literals: "true false null self",
        features: &[
            Feature::DollarVariables,
            Feature::Calls,
            Feature::CapitalTypes,
        ],
        ..NONE
    },
    Language {
        names: &["swift"],
        line_comments: SLASHES,
        block_comment: STARS,
        quotes: &[long("\"\"\"", "\"\"\""), DOUBLE],
        keywords: "actor any as associatedtype async await break case catch class continue default defer deinit do else enum extension fallthrough final for func guard if import in init inout internal is let mutating nonisolated open operator private protocol public repeat rethrows return some static struct subscript super switch throw throws try typealias unowned var weak where while",
        literals: "true false nil self Self",
        features: &[
            Feature::Calls,
            Feature::CapitalTypes,
            Feature::AtAttributes,
            Feature::HashLiterals,
        ],
        ..NONE
    },
    Language {
        names: &["zig"],
        line_comments: SLASHES,
        quotes: &[DOUBLE, SINGLE],
        keywords: "align and anytype asm async await break callconv catch comptime const continue defer else enum errdefer error export extern fn for if inline noalias opaque or orelse packed pub resume return struct suspend switch test threadlocal try union unreachable usingnamespace var volatile while",
        types: "bool f16 f32 f64 f128 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize void noreturn type anyerror anyopaque",
        literals: "true false null undefined",
        features: &[Feature::Calls, Feature::CapitalTypes, Feature::AtAttributes],
        ..NONE
    },
];

/// Every language, for the tests.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static Language> {
    LANGUAGES.iter()
}
