//! Images, with the text within their brackets as the alternative text.

use pulldown_cmark::{Event, Tag, TagEnd};
use std::ops::Range;

use super::{Extent, Writer};
use crate::document::Link;
use crate::html;

/// An image that has begun; its alternative text may hold markup, and images even.
#[derive(Debug)]
pub(super) struct Image {
    link: Link,
    title: String,
    alt: String,
    inner_images: usize,
}

impl Writer<'_> {
    pub(super) fn start_image(&mut self, target: &str, title: &str, range: &Range<usize>) {
        let line = self.lines.line_at(range.start);
        self.record_at(target, line);
        let link = super::link(target, line);
        self.image = Some(Image {
            link,
            title: title.to_owned(),
            alt: String::new(),
            inner_images: 0,
        });
    }

    pub(super) fn inside_image(&mut self, event: Event<'_>) {
        let Some(image) = &mut self.image else {
            return;
        };
        match event {
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => image.alt.push_str(&text),
            Event::Start(Tag::Subscript) | Event::End(TagEnd::Subscript) => image.alt.push('~'),
            Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
            Event::Start(Tag::Image { .. }) => image.inner_images += 1,
            Event::End(TagEnd::Image) if image.inner_images > 0 => image.inner_images -= 1,
            Event::End(TagEnd::Image) => self.end_image(),
            _ => {}
        }
    }

    fn end_image(&mut self) {
        let Some(image) = self.image.take() else {
            return;
        };
        self.settle_break();
        self.prose.break_solid();
        self.out.push_str("<img src=\"");
        self.write_address(&image.link.target);
        self.out.push_str("\" alt=\"");
        html::attribute(&mut self.out, &image.alt);
        self.title(&image.title);
        self.out.push_str(match self.extent {
            Extent::Feed => ">",
            Extent::Page | Extent::Excerpt => " loading=\"lazy\" decoding=\"async\">",
        });
        if self.extent == Extent::Page && image.alt.trim().is_empty() {
            self.images_without_alt.push(image.link);
        }
    }
}
