//! Tables, in a box of their own so that a wide one scrolls and not the page.

use pulldown_cmark::Alignment;

use super::{Extent, Writer};

/// Where in a table the writer is.
#[derive(Debug, Default)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    row: Row,
    /// Where the HTML of the cell begins.
    cell: usize,
    has_body: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Row {
    #[default]
    Head,
    Body,
}

impl Writer<'_> {
    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>) {
        self.table = Table {
            alignments,
            ..Table::default()
        };
        self.out.push_str(match self.extent {
            Extent::Feed => "<table>\n",
            Extent::Page | Extent::Excerpt => "<div class=\"table\" tabindex=\"0\"><table>\n",
        });
    }

    pub(super) fn end_table(&mut self) {
        self.out.push_str(if self.table.has_body {
            "</tbody>\n"
        } else {
            ""
        });
        self.out.push_str(match self.extent {
            Extent::Feed => "</table>\n",
            Extent::Page | Extent::Excerpt => "</table></div>\n",
        });
    }

    pub(super) fn start_table_head(&mut self) {
        self.table.column = 0;
        self.out.push_str("<thead>\n<tr>");
    }

    pub(super) fn end_table_head(&mut self) {
        self.table.row = Row::Body;
        self.out.push_str("</tr>\n</thead>\n");
    }

    pub(super) fn start_table_row(&mut self) {
        self.table.column = 0;
        self.out.push_str(if self.table.has_body {
            "<tr>"
        } else {
            "<tbody>\n<tr>"
        });
        self.table.has_body = true;
    }

    pub(super) fn start_table_cell(&mut self) {
        let name = self.table.cell_name();
        let class = match self.table.alignments.get(self.table.column) {
            Some(Alignment::Left) => " class=\"left\"",
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::None) | None => "",
        };
        self.table.cell = self.out.len();
        self.push(format_args!("<{name}{class}>"));
    }

    pub(super) fn end_table_cell(&mut self) {
        let mut name = self.table.cell_name();
        // A cell without a word heads no column.
        if name == "th" && self.out.ends_with('>') && !self.out[self.table.cell + 1..].contains('<')
        {
            self.out
                .replace_range(self.table.cell..self.table.cell + 3, "<td");
            name = "td";
        }
        self.push(format_args!("</{name}>"));
        self.table.column += 1;
    }
}

impl Table {
    fn cell_name(&self) -> &'static str {
        match self.row {
            Row::Head => "th",
            Row::Body => "td",
        }
    }
}
