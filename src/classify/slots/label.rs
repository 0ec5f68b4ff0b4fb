//! What a number is called just before it: 订单号, tracking no., 手机, 尾号.

use crate::domain::SlotKind;

/// How a value's name agrees with its kind; the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// It is called what it was read as.
    Own,
    /// It isn't called anything.
    None,
    /// It is called something else.
    Other,
}

/// Names, as they end before the number; those of other numbers last. Where one is the end of another, the longer counts: 订单号 is no 单号.
const LABELS: &[(Option<SlotKind>, &[&str])] = &[
    (
        Some(SlotKind::OrderNumber),
        &["订单号", "订单编号", "订单号码", "订单", "order", "order number", "order no", "order id", "order num"],
    ),
    (
        Some(SlotKind::Tracking),
        &[
            "单号",
            "快递单号",
            "快递号",
            "快递",
            "物流单号",
            "物流号",
            "物流",
            "运单号",
            "运单",
            "包裹",
            "tracking",
            "tracking number",
            "tracking no",
            "tracking id",
            "tracking code",
            "waybill",
            "parcel",
        ],
    ),
    (
        Some(SlotKind::Phone),
        &[
            "手机",
            "手机号",
            "手机号码",
            "电话",
            "电话号码",
            "联系方式",
            "phone",
            "phone number",
            "phone no",
            "mobile",
            "mobile number",
            "tel",
            "cell",
            "whatsapp",
        ],
    ),
    (
        Some(SlotKind::LastFour),
        &[
            "尾号",
            "后四位",
            "后4位",
            "末四位",
            "last four",
            "last 4",
            "last four digits",
            "last 4 digits",
            "ending",
            "ending in",
            "ending with",
            "ends in",
            "ends with",
        ],
    ),
    (None, &["id", "编号", "货号", "款号", "型号", "税号", "账号", "卡号", "条码", "sku", "model", "code", "account"]),
];

/// What stands between a name and its number.
const JOINTS: &[&str] = &["是", "为", "is", "are", "was", ":", "#", ".", "=", "-", " ", "\n"];

/// How the number that starts at `at` of the normal form is named, seen as a value of this kind.
pub(super) fn naming(normal: &str, at: usize, kind: SlotKind) -> Naming {
    match name_before(normal, at) {
        Some(name) if name == Some(kind) => Naming::Own,
        Some(_) => Naming::Other,
        None => Naming::None,
    }
}

/// `Some(None)`: named, and no kind of ours.
fn name_before(normal: &str, at: usize) -> Option<Option<SlotKind>> {
    let mut words = &normal[..at];
    while let Some(rest) = JOINTS.iter().find_map(|joint| words.strip_suffix(joint)) {
        words = rest;
    }
    let ends = |label: &str| {
        let rest = words.strip_suffix(label)?;
        // `border` names nothing.
        let is_cut = label.is_ascii() && rest.bytes().next_back().is_some_and(|byte| byte.is_ascii_alphanumeric());
        (!is_cut).then_some(label.len())
    };
    let named = LABELS.iter().flat_map(|(kind, labels)| labels.iter().map(move |label| (*kind, *label)));
    named.filter_map(|(kind, label)| Some((ends(label)?, kind))).max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}
