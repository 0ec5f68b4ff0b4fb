//! Tables as people keep them: CSV of any spreadsheet, in the encodings of Chinese Windows, and Excel's own files.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Context as _, bail};
use calamine::{Data, Reader as _};
use rust_xlsxwriter::{Format, FormatAlign, Workbook};

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Row {
    /// Where it begins in the file, from 1: a line of text, a row of a sheet.
    pub(in crate::cli) line: usize,
    /// Without the blanks around them.
    pub(in crate::cli) cells: Vec<String>,
}

/// Nobody keeps scripts in a larger file; a paste by mistake or a bomb is.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Reads a file by its content: Excel's formats, else text.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Row>> {
    let size = std::fs::metadata(path).with_context(|| path.display().to_string())?.len();
    if size > LARGEST {
        bail!("{} is larger than 32 MiB", path.display());
    }
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    // A zip (xlsx, ods) or an OLE container (xls).
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return sheet(bytes).with_context(|| format!("{} can't be read as a workbook", path.display()));
    }
    let text =
        decode(&bytes).with_context(|| format!("{} is no text: save it as CSV UTF-8 or XLSX", path.display()))?;
    Ok(delimited(&text))
}

/// The first sheet that holds anything.
pub(in crate::cli) fn sheet(bytes: Vec<u8>) -> anyhow::Result<Vec<Row>> {
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))?;
    let Some((_, range)) = book.worksheets().into_iter().find(|(_, range)| !range.is_empty()) else {
        return Ok(Vec::new());
    };
    let first = range.start().map_or(0, |(row, _)| row as usize);
    let rows = range
        .rows()
        .enumerate()
        .map(|(number, cells)| Row { line: first + number + 1, cells: cells.iter().map(shown).collect() });
    Ok(rows.filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect())
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        other => clean(&other.to_string()),
    }
}

/// UTF-8 and UTF-16 with or without a mark, else GB18030, which holds GBK and GB 2312.
pub(in crate::cli) fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, wrong) = encoding.decode_without_bom_handling(bytes.get(mark..)?);
        return (!wrong).then(|| text.into_owned());
    }
    // UTF-16 of anything with Latin letters or line feeds has zeros at every other place.
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let encoding = match (zeros(0), zeros(1)) {
        (0, 0) => match std::str::from_utf8(bytes) {
            Ok(text) => return Some(text.to_owned()),
            Err(_) => encoding_rs::GB18030,
        },
        (even, odd) if even > odd => encoding_rs::UTF_16BE,
        _ => encoding_rs::UTF_16LE,
    };
    let (text, wrong) = encoding.decode_without_bom_handling(bytes);
    (!wrong).then(|| text.into_owned())
}

/// Parted by tabs, commas or semicolons: whichever gives every row as many cells. None does: each line is one cell.
fn delimited(text: &str) -> Vec<Row> {
    let even = [b'\t', b',', b';'].into_iter().map(|mark| parted(text, mark)).find(|rows| {
        let width = rows.first().map_or(0, |row| row.cells.len());
        width > 1 && rows.iter().all(|row| row.cells.len() == width)
    });
    let headed = || {
        let uneven = [b'\t', b',', b';'].into_iter().map(|mark| parted(text, mark));
        let mut uneven = uneven.filter(|rows| rows.first().is_some_and(|row| row.cells.len() > 1));
        uneven.find(|rows| rows.first().is_some_and(|row| super::columns::is_header(&row.cells)))
    };
    even.or_else(headed).unwrap_or_else(|| parted(text, NEVER_WRITTEN))
}

/// A separator that stands in no text.
const NEVER_WRITTEN: u8 = 0x1f;

fn parted(text: &str, mark: u8) -> Vec<Row> {
    let text = format!("{}\n", text.replace("\r\n", "\n").replace('\r', "\n"));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(mark).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut record, mut rows) = (csv::StringRecord::new(), Vec::new());
    while reader.read_record(&mut record).unwrap_or(false) {
        // A record's own place would count blank lines before it; its end is sure.
        let within: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let after = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        let cells: Vec<String> = record.iter().map(clean).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { line: after.saturating_sub(within + 1), cells });
        }
    }
    rows
}

/// One kind of line end, no blanks around, no mark of the byte order.
fn clean(cell: &str) -> String {
    cell.replace("\r\n", "\n")
        .replace('\r', "\n")
        .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .to_owned()
}

/// Writes a table: XLSX by that ending, else CSV with the mark that Excel needs to know UTF-8 by.
pub(in crate::cli) fn write(path: &Path, header: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
    let is_workbook = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    let bytes = if is_workbook { workbook(header, rows)? } else { comma_separated(header, rows)? };
    crate::cli::whole::write(path, &bytes)
}

fn comma_separated(header: &[&str], rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn workbook(header: &[&str], rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_freeze_panes(1, 0)?;
    for (column, name) in (0u16..).zip(header) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
        sheet.set_column_width(column, if column == TEXT { 80 } else { 18 })?;
    }
    for (line, row) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(row) {
            sheet.write_string_with_format(line, column, cell, &wrapped)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// The column of the words.
const TEXT: u16 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        delimited(text).into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn the_separator_is_the_one_that_fits() {
        assert_eq!(cells("分组\t内容\n售后\t您好，请稍等,谢谢\n"), [["分组", "内容"], ["售后", "您好，请稍等,谢谢"]]);
        assert_eq!(cells("a;b\n1;2,5\n"), [["a", "b"], ["1", "2,5"]]);
        assert_eq!(cells("a,\"b\nc, d\"\n,e\n"), [["a", "b\nc, d"], ["", "e"]]);
        // Sentences with commas are one column.
        assert_eq!(cells("您好,在的\n稍等\n好,的,亲\n"), [["您好,在的"], ["稍等"], ["好,的,亲"]]);
        // A header tells, also where a row lacks its last cells.
        assert_eq!(cells("分组,标题,内容\n售后,退货\n"), [vec!["分组", "标题", "内容"], vec!["售后", "退货"]]);
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let lines: Vec<usize> = delimited("a,b\r\n\r\n\"c\r\nc\",d\r\ne,f\r\n").iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 3, 5]);
    }

    #[test]
    fn the_encodings_of_chinese_windows_are_known() {
        let text = "分组,内容\r\n售后,亲😀您好\r\n";
        let utf_16 = |big: bool| -> Vec<u8> {
            let unit = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            text.encode_utf16().flat_map(unit).collect()
        };
        let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
        for bytes in [
            text.as_bytes().to_vec(),
            ["\u{feff}".as_bytes(), text.as_bytes()].concat(),
            [&[0xff, 0xfe], &utf_16(false)[..]].concat(),
            [&[0xfe, 0xff], &utf_16(true)[..]].concat(),
            utf_16(false),
            utf_16(true),
            gb18030.into_owned(),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Some(text), "{bytes:?}");
        }
        assert_eq!(decode(&[0xff, 0xff, 0xff, 0x80]), None);
    }
}
