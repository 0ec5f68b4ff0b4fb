//! Which column holds what: by the header's names, in Chinese, English or as 千牛 writes them, else by their shape.

use super::table::Row;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Group,
    Title,
    Text,
    Intent,
    Situation,
    Tone,
    UseWhen,
    Avoid,
    Images,
    State,
}

/// Each column with the names it goes by. The first of the Chinese and the first of the English ones are written.
const NAMES: &[(Column, &[&str], &[&str])] = &[
    (
        Column::Group,
        &["分组", "组", "组名", "分类", "类别", "话术分组", "短语分组", "快捷短语分组", "文件夹"],
        &["group", "category", "folder"],
    ),
    (
        Column::Title,
        &["标题", "名称", "编码", "快捷编码", "短语编码", "快捷短语编码", "快捷键", "关键字"],
        &["title", "name", "code", "shortcut"],
    ),
    (
        Column::Text,
        &[
            "内容",
            "话术",
            "话术内容",
            "快捷短语",
            "快捷短语内容",
            "短语",
            "短语内容",
            "回复",
            "回复内容",
            "答案",
            "文本",
        ],
        &["text", "content", "script", "phrase", "reply", "message", "answer"],
    ),
    (Column::Intent, &["意图"], &["intent"]),
    (Column::Situation, &["情形"], &["situation"]),
    (Column::Tone, &["语气"], &["tone"]),
    (Column::UseWhen, &["适用", "适用场景", "什么时候用"], &["use_when", "use when", "when"]),
    (Column::Avoid, &["避免", "不要"], &["avoid"]),
    (Column::Images, &["图片"], &["images", "pictures"]),
];

/// Whether a person has read the row: what `learn` proposes. No export writes it.
const STATE: (Column, &[&str], &[&str]) = (Column::State, &["状态"], &["state", "status"]);

/// The names that an export writes.
pub(super) fn header(language: crate::domain::Language) -> Vec<&'static str> {
    let names = NAMES.iter().map(|(_, zh, en)| if language == crate::domain::Language::Zh { zh } else { en });
    names.filter_map(|names| names.first().copied()).collect()
}

fn named(cell: &str) -> Option<Column> {
    let name = cell.trim().trim_matches(['*', '＊', '：', ':']).trim().to_lowercase();
    let found =
        NAMES.iter().chain([&STATE]).find(|(_, zh, en)| zh.contains(&name.as_str()) || en.contains(&name.as_str()));
    found.map(|(column, _, _)| *column)
}

/// Whether a row names columns: one of them holds the words.
pub(super) fn is_header(cells: &[String]) -> bool {
    cells.iter().any(|cell| named(cell) == Some(Column::Text))
}

/// A table whose columns are known.
pub(super) struct Columns {
    by_place: Vec<Option<Column>>,
    /// Columns of the header that nothing is known of, with their names.
    pub(super) unknown: Vec<String>,
    /// Whether the first row is a header.
    pub(super) has_header: bool,
}

impl Columns {
    pub(super) fn of(rows: &[Row]) -> Self {
        let first = rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
        if !is_header(first) {
            return Self { by_place: by_shape(rows), unknown: Vec::new(), has_header: false };
        }
        let mut by_place: Vec<Option<Column>> = Vec::new();
        let mut unknown = Vec::new();
        for cell in first {
            let column = named(cell).filter(|column| !by_place.contains(&Some(*column)));
            if column.is_none() && !cell.is_empty() {
                unknown.push(cell.clone());
            }
            by_place.push(column);
        }
        Self { by_place, unknown, has_header: true }
    }

    /// A row's cell; empty if there is none.
    pub(super) fn cell<'r>(&self, row: &'r Row, column: Column) -> &'r str {
        let place = self.by_place.iter().position(|known| *known == Some(column));
        place.and_then(|place| row.cells.get(place)).map(String::as_str).unwrap_or_default()
    }
}

/// Without a header: words alone; two columns, of which the longer holds the words and the other groups if it repeats;
/// group, title and words; or the columns of an export.
fn by_shape(rows: &[Row]) -> Vec<Option<Column>> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let length = |place: usize| rows.iter().filter_map(|row| row.cells.get(place)).map(String::len).sum::<usize>();
    match width {
        0 | 1 => vec![Some(Column::Text)],
        2 => {
            let words = usize::from(length(1) >= length(0));
            let other = 1 - words;
            let mut seen: Vec<&str> = rows.iter().filter_map(|row| row.cells.get(other)).map(String::as_str).collect();
            let all = seen.len();
            seen.sort_unstable();
            seen.dedup();
            let beside = if seen.len() < all { Column::Group } else { Column::Title };
            let mut columns = vec![Some(beside); 2];
            columns[words] = Some(Column::Text);
            columns
        }
        _ => NAMES.iter().map(|(column, _, _)| Some(*column)).take(width).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(cells: &[&[&str]]) -> Vec<Row> {
        let own = |cells: &&[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        cells.iter().enumerate().map(|(n, cells)| Row { line: n + 1, cells: own(cells) }).collect()
    }

    #[test]
    fn columns_are_known_by_name_and_by_shape() {
        for (table, has_header, group, title, text) in [
            (&[&["快捷短语", "编码"][..], &["您好", "hi"]][..], true, "", "hi", "您好"),
            (&[&["Group", "Title*", "TEXT", "note"], &["g", "t", "words", "x"]], true, "g", "t", "words"),
            (
                &[&["售后", "您好，请问有什么可以帮您"], &["售后", "好的，稍等一下"]],
                false,
                "售后",
                "",
                "好的，稍等一下",
            ),
            (&[&["hi", "您好，请问有什么可以帮您"], &["ok", "好的，稍等一下"]], false, "", "ok", "好的，稍等一下"),
            (&[&["好的，稍等一下您呢", "售后"], &["您好，请问有什么", "售前"]], false, "", "售前", "您好，请问有什么"),
            (&[&["x", "x", "x"], &["售后", "退货", "您好"]], false, "售后", "退货", "您好"),
            (&[&["您好"]], false, "", "", "您好"),
        ] {
            let rows = rows(table);
            let columns = Columns::of(&rows);
            let last = rows.last().unwrap();
            let cells = [Column::Group, Column::Title, Column::Text].map(|column| columns.cell(last, column));
            assert_eq!((columns.has_header, cells), (has_header, [group, title, text]), "{table:?}");
        }
        assert_eq!(Columns::of(&rows(&[&["内容", "备注", "话术"]])).unknown, ["备注", "话术"]);
    }
}
