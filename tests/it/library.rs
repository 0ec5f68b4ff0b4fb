//! Finding a script by a few letters takes no time that anybody notices, also beside 2,000 phrases of one's own.

use std::time::{Duration, Instant};

use xiaoer::desk::library::{Library, Phrase, Phrases};
use xiaoer::domain::Language;
use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;

#[test]
fn a_search_takes_milliseconds() {
    let library = Library::of(&Playbook::load("base".into(), &[Layer::base()]).playbook.unwrap());
    let titles = ["发货时间说明", "退货地址和电话", "Refund status", "发票多久开好", "差价怎么退"];
    let own = Phrases::of((0..2_000).map(|number| Phrase {
        id: format!("own.{number}"),
        title: format!("{}{number}", titles[number % titles.len()]),
        text: "我们会在付款后48小时内发出，遇到预售以商品页为准，感谢您的耐心等待。".to_owned(),
    }));
    let queries = ["f", "fhsj", "fahuoshijian", "退货 地址", "refnud stat", "xyzxyz", "woxiangzhidao"];
    let took = queries.map(|query| {
        let started = Instant::now();
        let hits = library.search_among(&own, query, Language::Zh, 50).len();
        println!("{query}: {hits} hits in {:.1?}", started.elapsed());
        started.elapsed()
    });
    // 1.5 ms at most when optimised (benches/library.rs); this one isn't, and shares its processor.
    assert!(took.iter().all(|took| *took < Duration::from_millis(300)), "{took:?}");
}
