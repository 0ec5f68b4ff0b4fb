//! The canonical form of a file that people edit: indentation, order of keys, line ends. Comments stay with the key they
//! stand above; words and their meaning are never touched.

mod lines;
mod order;
mod same;

use thiserror::Error;

use super::tree::SourceFile;

/// Why a file is left as it is.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unformatted {
    /// It can't be read; `check` says why.
    #[error("line {0}: it can't be read; `xiaoer check` says why")]
    Unreadable(u32),
    /// It is written in a form that this program doesn't lay out.
    #[error("line {0}: written in a form that is left as it is")]
    Form(usize),
    /// Laying it out would change what it says. A defect of ours; nothing is lost by it.
    #[error("laying it out would change what it says; it is left as it is")]
    Meaning,
}

/// A file in its canonical form; `path` says what kind it is.
///
/// # Errors
/// [`Unformatted`]: the file is better left alone.
pub fn format(path: &str, text: &str) -> Result<String, Unformatted> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let before =
        SourceFile::new(path, text.as_str()).parse().map_err(|mistake| Unformatted::Unreadable(mistake.place.line))?;
    let raw: Vec<&str> = text.lines().collect();
    let mut file = lines::parse(&raw).map_err(Unformatted::Form)?;
    order::sort(path, &mut file);
    let is_list = order::blocks(path);
    let laid_out = lines::write(&file, &is_list);
    let after = SourceFile::new(path, laid_out.as_str()).parse().map_err(|_| Unformatted::Meaning)?;
    if !same::same(&before, &after, &is_list) || !same::same_comments(&text, &laid_out) {
        return Err(Unformatted::Meaning);
    }
    Ok(laid_out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::playbook::layer::Layer;

    const INTENT: &str = "intents/a/b.yaml";
    const REPLY: &str = "replies/a/b.yaml";

    #[test]
    fn an_intent_is_laid_out() {
        let typed = "\u{feff}# 物流\r\nurgency: normal   \r\nmeans: x # 一句话\r\n\r\n\r\n\r\nen:\r\n    例句: |\r\n            Where is it?\r\n\r\n    # 先写关键词\r\n    关键词: |-   # 一行一条\r\n            where is it\r\n                where now  \r\n            # 备注\r\n\r\n\r\nneeds: [order]\r\n# 最后\r\n";
        let wanted = "# 物流\nmeans: x # 一句话\nurgency: normal\n\nneeds: [order]\n\nen:\n  # 先写关键词\n  关键词: |   # 一行一条\n    where is it\n    where now\n    # 备注\n\n  例句: |\n    Where is it?\n# 最后\n";
        let shown = format(INTENT, typed).unwrap();
        assert_eq!(shown, wanted, "\n{shown}");
    }

    #[test]
    fn a_reply_keeps_the_shape_of_its_words() {
        let typed = "zh:\n      suggest: |\n           标题: 列表\n           有三种：\n             一、甲\n             二、乙  \n\n           ---\n           好\n      shipped.lively: |\n          亲～\n      # 已发货\n      shipped: |\n          已发\n      default: 在的\n";
        let wanted = "zh:\n  default: 在的\n  # 已发货\n  shipped: |\n    已发\n  shipped.lively: |\n    亲～\n  suggest: |\n    标题: 列表\n    有三种：\n      一、甲\n      二、乙\n\n    ---\n    好\n";
        let shown = format(REPLY, typed).unwrap();
        assert_eq!(shown, wanted, "\n{shown}");
    }

    #[test]
    fn other_forms_stay_as_they_are() {
        for text in [
            "facts:\n  carriers:\n    - 中通\n    - 圆通\n  ship_within: 48h\norders: {kind: file,\n  path: x}\nname: x\n",
            "sizes:\n  - {size: M, height: 160-168}\n  - size: L\n    weight: 60-70\n",
            "name: \"a # b\"\naliases: [a,\n  b]\n",
            "# nothing but a comment\n",
        ] {
            for path in ["shop.yaml", "products/p.yaml"] {
                let shown = format(path, text).unwrap();
                let is_moved = path.starts_with("products") && text.starts_with("facts");
                assert!(is_moved || shown == text, "{path}\n{shown}");
            }
        }
        for broken in ["means: x\n---\nmeans: y\n", "zh: [1\n", "zh:\n\tphrases: x\n"] {
            assert!(matches!(format(INTENT, broken), Err(Unformatted::Unreadable(_))), "{broken}");
        }
        assert_eq!(format(INTENT, "? means\n: x\n").unwrap_err(), Unformatted::Form(1));
    }

    /// An intent or a reply as somebody may have left it: keys in any order, at any indentation, with comments, blank
    /// lines and blanks at line ends between them.
    fn typed() -> impl Strategy<Value = (&'static str, String)> {
        let noise = || prop::collection::vec(prop::sample::select(vec!["", "# 备注", "   ", "#", "# a: b"]), 0..3);
        let line = prop::sample::select(vec![
            "快递到哪了",
            "#1234 到哪了？",
            "[急] 包裹：在哪",
            "# 备注",
            "",
            "  缩进",
            "a: b",
            "---",
        ]);
        let end = prop::sample::select(vec!["\n", "\r\n", "  \n"]);
        let block = (
            0usize..5,
            1usize..6,
            prop::collection::vec(line, 1..5),
            noise(),
            prop::sample::select(vec!["|", "|-", "|  # 备注"]),
        );
        let section = (prop::collection::vec(block, 1..4), 1usize..7);
        (any::<bool>(), prop::collection::vec(section, 1..3), noise(), noise(), end, any::<bool>()).prop_map(
            |(is_intent, sections, head, tail, end, last_first)| {
                let (path, keys) = match is_intent {
                    true => (INTENT, ["examples", "关键词", "unless", "整句", "remove"]),
                    false => (REPLY, ["suggest", "shipped.lively", "shipped", "default", "remove"]),
                };
                let mut lines: Vec<String> = head.into_iter().map(str::to_owned).collect();
                let plain = if is_intent { "means: x   # 一句话" } else { "title: {zh: 一, en: b}" };
                lines.extend((!last_first).then(|| plain.to_owned()));
                for ((blocks, level), language) in sections.into_iter().zip(["en:", "zh: "]) {
                    lines.push(language.to_owned());
                    let mut used: Vec<usize> = Vec::new();
                    for (key, deeper, text, noise, bar) in blocks {
                        if used.contains(&key) {
                            continue;
                        }
                        used.push(key);
                        let (outer, inner) = (" ".repeat(level), " ".repeat(level + deeper));
                        lines.extend(noise.iter().map(|line| format!("{outer}{line}")));
                        lines.push(format!("{outer}{}: {bar}", keys[key]));
                        lines.push(format!("{inner}第一行"));
                        lines.extend(text.iter().map(|line| format!("{inner}{line}")));
                    }
                }
                lines.extend(last_first.then(|| plain.to_owned()));
                lines.extend(tail.into_iter().map(str::to_owned));
                (path, lines.iter().map(|line| format!("{line}{end}")).collect())
            },
        )
    }

    /// A file of the pack with some lines indented, emptied or swapped.
    fn edited() -> impl Strategy<Value = (String, String)> {
        let files: Vec<(String, String)> =
            Layer::base().files.into_iter().map(|file| (file.path.to_string(), file.text)).collect();
        (prop::sample::select(files), prop::collection::vec((any::<prop::sample::Index>(), 0u8..6), 0..6)).prop_map(
            |((path, text), edits)| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                for (at, edit) in edits {
                    let at = at.index(lines.len());
                    match edit {
                        0 => lines[at].insert(0, ' '),
                        1 => lines[at].push_str("  "),
                        2 => lines.insert(at, String::new()),
                        3 => lines.insert(at, "  # 备注".to_owned()),
                        4 if at > 0 => lines.swap(at - 1, at),
                        _ => drop(lines.remove(at)),
                    }
                    if lines.is_empty() {
                        lines.push(String::new());
                    }
                }
                (path, lines.join("\n"))
            },
        )
    }

    fn holds(path: &str, text: &str) {
        let Ok(once) = format(path, text) else { return };
        assert_eq!(format(path, &once).as_ref(), Ok(&once), "laid out twice: {text:?}");
        assert!(once.is_empty() || (once.ends_with('\n') && !once.ends_with("\n\n") && !once.starts_with('\n')));
        assert!(!once.contains('\r') && once.lines().all(|line| line.trim_end() == line), "{once:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn twice_is_once((path, text) in typed()) {
            prop_assert!(format(path, &text).is_ok(), "{:?}\n{}", format(path, &text), text);
            holds(path, &text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn edited_files_of_the_pack_too((path, text) in edited()) {
            holds(&path, &text);
        }
    }

    #[test]
    fn the_pack_is_laid_out() {
        for file in Layer::base().files {
            assert_eq!(format(&file.path, &file.text).as_ref(), Ok(&file.text), "{}", file.path);
        }
    }
}
