//! `xiaoer scripts`: a library goes out to a table and comes back the same; what other programs export comes in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use calamine::Reader as _;
use rust_xlsxwriter::Workbook;
use xiaoer::domain::Language;
use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;

/// A folder with a new shop, `my-shop`.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        assert!(place.run(&["init", "shops/my-shop"]).status.success());
        place
    }

    /// A shop that says no more than the base pack.
    fn empty() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(place.shop()).unwrap();
        let facts = "facts: {tutorial_where: x}\n";
        std::fs::write(place.shop().join("shop.yaml"), format!("languages: [zh, en]\n{facts}")).unwrap();
        std::fs::create_dir_all(place.shop().join("intents/shop")).unwrap();
        let intent = "means: x\nanswer: never\nzh:\n  phrases: |\n    有没有教程视频\n";
        std::fs::write(place.shop().join("intents/shop/example.yaml"), intent).unwrap();
        place
    }

    fn shop(&self) -> PathBuf {
        self.folder.path().join("shops/my-shop")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
        command.current_dir(self.folder.path()).args(args).env_remove("XIAOER_SHOPS").env("LANG", "zh_CN.UTF-8");
        command.output().unwrap()
    }

    /// Runs a command that has to do well, and gives what it said.
    fn says(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn import(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        self.says(&["scripts", "import", name, "--shop", "my-shop"])
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.shop().join(path)).unwrap()
    }
}

fn playbook(folder: &Path) -> Playbook {
    let loaded = Playbook::load("my-shop".into(), &[Layer::base(), Layer::folder(folder).unwrap()]);
    loaded.playbook.unwrap_or_else(|| panic!("{:#?}", loaded.mistakes))
}

/// Every word that can be said or offered, with all that belongs to it.
fn all_words(folder: &Path) -> BTreeSet<String> {
    let playbook = playbook(folder);
    let mut all = BTreeSet::new();
    for (id, replies) in playbook.replies.iter() {
        for language in Language::ALL {
            for (situation, tone, template) in replies.words(language) {
                all.insert(format!("{id} {language:?} {situation}.{tone}: {}", template.fill_known(&mut |_| None)));
            }
            for script in replies.suggest(language) {
                let (title, when, avoid) = (&script.title, &script.use_when, &script.avoid);
                let words = script.text.fill_known(&mut |_| None);
                all.insert(format!("{id} {language:?} {title:?} {when:?} {avoid:?} {:?}: {words}", script.images));
            }
        }
    }
    all
}

#[test]
fn out_and_in_again_is_the_same() {
    for (ending, lang) in [("xlsx", "zh"), ("csv", "en")] {
        let from = Place::new();
        from.import("more.csv", "分组,标题,内容,意图,适用,避免,图片\n售后,谢谢,\"多谢，\n\n下次再来 {客服名}\",,收尾,催,a.png b.png\n,,单独一句,,,,\n,再说一遍,满额包邮哦,logistics/shipping_fee,x,,\n".as_bytes());
        let to = Place::empty();
        for language in ["zh", "en"] {
            let file = format!("{language}.{ending}");
            from.says(&["scripts", "export", &file, "--lang-of", language, "--lang", lang]);
            std::fs::copy(from.path(&file), to.path(&file)).unwrap();
            let said = to.says(&["scripts", "import", &file, "--lang-of", language, "--lang", "en"]);
            assert!(said.trim_end().ends_with(" 0 not taken"), "{said}");
        }
        let (before, after) = (all_words(&from.shop()), all_words(&to.shop()));
        let lost: Vec<&String> = before.difference(&after).collect();
        let new: Vec<&String> = after.difference(&before).collect();
        assert_eq!((lost, new), (vec![], vec![]), "{ending}");
        // A second time nothing is new.
        let said = to.says(&["scripts", "import", &format!("zh.{ending}"), "--lang-of", "zh", "--lang", "en"]);
        assert!(said.contains(": 0 taken, ") && said.trim_end().ends_with(" 0 not taken"), "{said}");
        assert!(!from.run(&["scripts", "export", &format!("zh.{ending}")]).status.success(), "nothing is overwritten");
    }
}

#[test]
fn an_export_opens_in_excel() {
    let place = Place::new();
    place.says(&["scripts", "export", "out.xlsx"]);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(place.path("out.xlsx")).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let first: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(first, ["分组", "标题", "内容", "意图", "情形", "语气", "适用", "避免"]);
    assert!(range.height() > 150, "{}", range.height());
    place.says(&["scripts", "export", "out.csv", "--lang", "en"]);
    let text = std::fs::read_to_string(place.path("out.csv")).unwrap();
    assert!(text.starts_with("\u{feff}group,title,text,intent,situation,tone,use_when,avoid\r\n"), "{text}");
}

/// 千牛's two columns as Excel saves them on Chinese Windows.
#[test]
fn quick_phrases_of_qianniu_come_in() {
    let place = Place::new();
    let (bytes, _, _) = encoding_rs::GBK.encode("快捷短语,快捷编码\r\n\"{买家昵称}您好，请稍等\",hi\r\n好的,ok\r\n");
    let said = place.import("千牛.csv", &bytes);
    assert!(said.ends_with("2 行：导入 2，已有 0，没有导入 0\n"), "{said}");
    assert_eq!(
        place.read("replies/library/未分组.yaml"),
        "title: 未分组\ncategory: 未分组\nzh:\n  suggest: |\n    title: hi\n    {customer.name}您好，请稍等\n    ---\n    title: ok\n    好的\n"
    );
    let output = place.run(&["check", "--lang", "en"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && told.contains("errors: 0, warnings: 32"),
        "scripts of nobody's are fine: {told}"
    );
}

#[test]
fn every_row_that_is_left_is_named() {
    let place = Place::new();
    let long = "长".repeat(2_001);
    let rows = [
        ["分组", "标题", "内容", "意图", "情形", "备注"],
        ["售后", "好", "您好，马上处理", "", "", "x"],
        ["售后", "空", "", "", "", ""],
        ["售后", "长", &long, "", "", ""],
        ["售后", "星座", "{星座}您好", "", "", ""],
        ["售后", "再来", "您好，马上处理", "", "", ""],
        ["物流", "", "已经发出", "logistics/track_parcl", "", ""],
        ["物流", "", "已经发出了", "logistics/track_parcel", "shiped", ""],
        ["物流", "", "已经寄出", "logistics/track_parcel", "shipped", ""],
        ["物流", "", "又寄出了", "logistics/track_parcel", "shipped", ""],
        ["物流", "", "没有意图", "", "shipped", ""],
        ["物流", "", "第一句\n---\n第二句", "", "", ""],
        ["物流", "", "满额包邮", "logistics/shipping_fee", "", ""],
    ];
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(row) {
            sheet.write_string(line, column, cell).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    std::fs::write(place.path("rows.xlsx"), &bytes).unwrap();
    let before = all_words(&place.shop());
    let dry = place.says(&["scripts", "import", "rows.xlsx", "--shop", "my-shop", "--dry-run"]);
    assert!(dry.contains("会导入 3，已有 0，不能导入 9（--dry-run，什么都没有写）"), "{dry}");
    assert_eq!(all_words(&place.shop()), before);
    assert!(!place.shop().join("replies/library").exists());

    let said = place.import("rows.xlsx", &bytes);
    for told in [
        "没有用到的列：备注\n",
        "第 3 行  没有导入，没有内容：售后 | 空",
        "第 4 行  没有导入，超过 2000 字，平台一条消息发不出去：长长",
        "第 5 行  没有导入，没有变量 {星座}；要留给客服填就写 {…}：{星座}您好\n",
        "第 6 行  没有导入，和第 2 行重复：您好，马上处理\n",
        "第 7 行  没有导入，没有 logistics/track_parcl 这个意图，是不是 logistics/track_parcel？：已经发出\n",
        "第 8 行  没有导入，没有“shiped”这个情形，可用：shipped：已经发出了\n",
        "第 10 行  没有导入，前面的行已经写了这个情形：又寄出了\n",
        "第 11 行  没有导入，写了情形，却没有写意图：没有意图\n",
        "第 12 行  没有导入，有一行以“# ”或“---”开头",
        "replies/library/售后.yaml  +1\n",
        "replies/logistics/shipping_fee.yaml  +1\n",
        "replies/logistics/track_parcel.yaml  +1\n",
        "12 行：导入 3，已有 0，没有导入 9\n",
    ] {
        assert!(said.contains(told), "{told}\n---\n{said}");
    }
    // The shop's own file was added to, its comments and words are there still.
    let own = place.read("replies/logistics/shipping_fee.yaml");
    assert!(own.starts_with("# 换掉通用话术里的一句") && own.contains("  suggest: |\n    满额包邮\nen:\n"), "{own}");
    let again = place.import("rows.xlsx", &bytes);
    assert!(
        again.contains("第 2 行  已经有了（shops/my-shop/replies/library/售后.yaml:6）：您好，马上处理\n"),
        "{again}"
    );
    assert!(again.ends_with("12 行：导入 0，已有 4，没有导入 8\n"), "{again}");
}

#[test]
fn a_table_without_a_header_comes_in_too() {
    let place = Place::new();
    for (name, text, file) in [
        ("one.txt", "您好，在的\n请稍等，我看一下\n", "replies/library/未分组.yaml"),
        ("two.csv", "售后,您好，请问有什么可以帮您\n售后,好的，稍等一下\n", "replies/library/售后.yaml"),
        ("three.tsv", "售前\t推荐\t这款卖得很好\n", "replies/library/售前.yaml"),
    ] {
        let said = place.import(name, text.as_bytes());
        assert!(said.contains(&format!("{file}  +")) && said.contains("没有导入 0"), "{said}");
    }
    assert!(place.read("replies/library/售前.yaml").contains("    title: 推荐\n    这款卖得很好\n"));
}

#[test]
fn a_shop_that_would_break_is_left_as_it_was() {
    let place = Place::new();
    std::fs::write(place.path("rows.csv"), "内容,意图,情形\n单号 {order.tracking},logistics/shipping_fee,default\n")
        .unwrap();
    std::fs::write(place.shop().join("replies/shop/broken.yaml"), "zh: [\n").unwrap();
    let output = place.run(&["scripts", "import", "rows.csv"]);
    assert!(!output.status.success());
    assert!(!String::from_utf8_lossy(&output.stderr).is_empty());
    assert!(!place.read("replies/logistics/shipping_fee.yaml").contains("order.tracking"));
}
