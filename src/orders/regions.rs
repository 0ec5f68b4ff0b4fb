//! The provinces of China and their cities of the second level: as much of an address as may be shown.

/// A province's short name, what may stand behind it, and the short names of its cities.
type Province = (&'static str, &'static str);

/// Prefecture-level cities, prefectures and leagues of every province; the four municipalities and the two special
/// regions have none.
const PROVINCES: &[Province] = &[
    ("北京", ""),
    ("天津", ""),
    ("上海", ""),
    ("重庆", ""),
    ("香港", ""),
    ("澳门", ""),
    ("河北", "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水"),
    ("山西", "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁"),
    ("内蒙古", "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善"),
    ("辽宁", "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛"),
    ("吉林", "长春 吉林 四平 辽源 通化 白山 松原 白城 延边朝鲜族 延边"),
    ("黑龙江", "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭"),
    ("江苏", "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁"),
    ("浙江", "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水"),
    ("安徽", "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城"),
    ("福建", "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德"),
    ("江西", "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶"),
    ("山东", "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽"),
    ("河南", "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店"),
    ("湖北", "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施土家族苗族 恩施"),
    ("湖南", "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西土家族苗族 湘西"),
    (
        "广东",
        "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮",
    ),
    ("广西", "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左"),
    ("海南", "海口 三亚 三沙 儋州"),
    (
        "四川",
        "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 \
         阿坝藏族羌族 阿坝 甘孜藏族 甘孜 凉山彝族 凉山",
    ),
    ("贵州", "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南布依族苗族 黔西南 黔东南苗族侗族 黔东南 黔南布依族苗族 黔南"),
    (
        "云南",
        "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄彝族 楚雄 红河哈尼族彝族 红河 文山壮族苗族 文山 西双版纳傣族 \
         西双版纳 大理白族 大理 德宏傣族景颇族 德宏 怒江傈僳族 怒江 迪庆藏族 迪庆",
    ),
    ("西藏", "拉萨 日喀则 昌都 林芝 山南 那曲 阿里"),
    ("陕西", "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛"),
    ("甘肃", "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏回族 临夏 甘南藏族 甘南"),
    ("青海", "西宁 海东 海北藏族 海北 黄南藏族 黄南 海南藏族 海南 果洛藏族 果洛 玉树藏族 玉树 海西蒙古族藏族 海西"),
    ("宁夏", "银川 石嘴山 吴忠 固原 中卫"),
    (
        "新疆",
        "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉回族 昌吉 博尔塔拉蒙古 博尔塔拉 巴音郭楞蒙古 巴音郭楞 阿克苏 \
         克孜勒苏柯尔克孜 克孜勒苏 喀什 和田 伊犁哈萨克 伊犁 塔城 阿勒泰",
    ),
    ("台湾", "台北 新北 桃园 台中 台南 高雄 基隆 新竹 嘉义"),
];

const BEHIND_PROVINCES: &[&str] = &["特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"];
const BEHIND_CITIES: &[&str] = &["自治州", "地区", "盟", "市", "州"];

/// How many bytes at the start of an address without spaces name its province and city. 0 if it begins with neither.
pub(super) fn province_and_city(address: &str) -> usize {
    for (province, cities) in PROVINCES {
        if let Some(rest) = address.strip_prefix(province) {
            let rest = without_first(rest, BEHIND_PROVINCES);
            let rest = city(rest, cities).unwrap_or(rest);
            return address.len() - rest.len();
        }
    }
    let rest = PROVINCES.iter().find_map(|(_, cities)| city(address, cities));
    rest.map_or(0, |rest| address.len() - rest.len())
}

/// What is left behind a city of the list; a short name that begins a longer one (`海北` of `海北藏族`) comes after it.
fn city<'a>(address: &'a str, cities: &str) -> Option<&'a str> {
    let rest = cities.split_whitespace().find_map(|city| address.strip_prefix(city))?;
    Some(without_first(rest, BEHIND_CITIES))
}

fn without_first<'a>(text: &'a str, endings: &[&str]) -> &'a str {
    endings.iter().find_map(|ending| text.strip_prefix(ending)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_an_address() {
        for (address, shown) in [
            ("浙江省杭州市西湖区文三路100号", "浙江省杭州市"),
            ("浙江杭州西湖区文三路100号", "浙江杭州"),
            ("杭州市西湖区文三路100号", "杭州市"),
            ("北京市朝阳区建国路1号", "北京市"),
            ("上海浦东新区世纪大道8号", "上海"),
            ("广西壮族自治区南宁市青秀区", "广西壮族自治区南宁市"),
            ("新疆维吾尔自治区伊犁哈萨克自治州伊宁市", "新疆维吾尔自治区伊犁哈萨克自治州"),
            ("内蒙古自治区锡林郭勒盟锡林浩特市", "内蒙古自治区锡林郭勒盟"),
            ("吉林省吉林市船营区", "吉林省吉林市"),
            ("浙江省义乌市稠城街道", "浙江省"),
            ("香港特别行政区九龙弥敦道1号", "香港特别行政区"),
            ("文三路100号", ""),
            ("", ""),
        ] {
            assert_eq!(&address[..province_and_city(address)], shown, "{address}");
        }
    }

    #[test]
    fn a_longer_name_stands_before_the_one_it_begins_with() {
        for (province, cities) in PROVINCES {
            let cities: Vec<&str> = cities.split_whitespace().collect();
            for (place, city) in cities.iter().enumerate() {
                let hidden = cities[place + 1..].iter().find(|later| later.starts_with(city));
                assert_eq!(hidden, None, "{province}: {city}");
            }
        }
    }
}
