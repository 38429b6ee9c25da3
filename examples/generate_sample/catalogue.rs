//! What the fictitious supplier sells, and to whom.

/// How an account is settled; only the simulation's own knowledge, the contract file is what counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    /// Bought on terms.
    Credit,
    /// On the retailer's shelf, still the supplier's.
    Consigned,
}

pub struct Account {
    pub id: &'static str,
    pub name: &'static str,
    pub name_zh: &'static str,
    pub format: &'static str,
    pub stores: u32,
    pub city: &'static str,
    /// Size against the average account, in percent.
    pub scale: u64,
    /// Supply price against the base supply price, in permille.
    pub supply_permille: u64,
    pub trade: Trade,
    /// Every how many weeks goods are delivered.
    pub delivery_weeks: u32,
    /// Sellers list this share of the range, in percent.
    pub range: u64,
}

const fn account(
    (id, name, name_zh): (&'static str, &'static str, &'static str),
    (format, stores, city): (&'static str, u32, &'static str),
    (scale, supply_permille, range): (u64, u64, u64),
    (trade, delivery_weeks): (Trade, u32),
) -> Account {
    Account { id, name, name_zh, format, stores, city, scale, supply_permille, trade, delivery_weeks, range }
}

#[rustfmt::skip]
pub const ACCOUNTS: &[Account] = &[
    account(("HEXI", "Hexi Hypermarkets", "和喜大卖场"), ("hypermarket", 26, "Hangzhou"), (340, 960, 100), (Trade::Credit, 1)),
    account(("BAILE", "Bailego", "百乐购"), ("hypermarket", 15, "Nanjing"), (190, 970, 95), (Trade::Credit, 1)),
    account(("YUEHE", "Yuehe Supermarkets", "悦和超市"), ("supermarket", 38, "Suzhou"), (150, 985, 90), (Trade::Credit, 1)),
    account(("TIANMAI", "Tianmai Online", "天麦网超"), ("e-commerce", 1, "Hangzhou"), (120, 1000, 80), (Trade::Consigned, 2)),
    account(("DONGHAI", "Donghai Warehouse Club", "东海会员店"), ("warehouse club", 4, "Shanghai"), (90, 930, 45), (Trade::Credit, 2)),
    account(("JIALIN", "Jialin Convenience", "家邻便利"), ("convenience", 120, "Shanghai"), (62, 1010, 40), (Trade::Credit, 1)),
    account(("QINGXI", "Qingxi Department Stores", "清溪百货"), ("department store", 5, "Ningbo"), (40, 1000, 50), (Trade::Consigned, 2)),
    account(("LVSHAN", "Lvshan Organic", "绿山有机"), ("supermarket", 9, "Hangzhou"), (30, 1000, 55), (Trade::Consigned, 2)),
    account(("XIAOLU", "Xiaolu Markets", "小路超市"), ("supermarket", 31, "Wuxi"), (26, 1015, 60), (Trade::Credit, 1)),
];

pub struct Sku {
    pub id: &'static str,
    pub name: &'static str,
    pub name_zh: &'static str,
    pub brand: &'static str,
    pub category: &'static str,
    pub case_pack: u64,
    pub vat_percent: u32,
    /// Shelf price, tax included, in fen.
    pub retail: u64,
    /// Base supply price, tax included, in fen.
    pub supply: u64,
    /// Full unit cost without tax, in fen.
    pub cost: u64,
    /// Weekly units of the average account, times ten.
    pub popularity: u64,
    pub size_mm: (u32, u32, u32),
    pub shelf_life_days: u32,
}

type Row = (&'static str, &'static str, &'static str, [u64; 6], (u32, u32, u32), u32);

const fn sku(brand: &'static str, category: &'static str, vat_percent: u32, row: Row) -> Sku {
    let (id, name, name_zh, [case_pack, retail, supply, cost, popularity, _], size_mm, shelf_life_days) = row;
    Sku {
        id,
        name,
        name_zh,
        brand,
        category,
        case_pack,
        vat_percent,
        retail,
        supply,
        cost,
        popularity,
        size_mm,
        shelf_life_days,
    }
}

const fn biscuit(row: Row) -> Sku {
    sku("Luming", "Biscuits", 13, row)
}
const fn nut(row: Row) -> Sku {
    sku("Shanguo", "Nuts", 13, row)
}
const fn tea(row: Row) -> Sku {
    sku("Qingquan", "Tea drinks", 13, row)
}
const fn dairy(row: Row) -> Sku {
    sku("Muge", "Chilled dairy", 9, row)
}
const fn sauce(row: Row) -> Sku {
    sku("Laojiang", "Condiments", 13, row)
}
const fn noodle(row: Row) -> Sku {
    sku("Luming", "Noodles", 13, row)
}

/// `[case pack, retail, supply, cost, popularity × 10, spare]`, size in mm, shelf life in days.
#[rustfmt::skip]
pub const SKUS: &[Sku] = &[
    biscuit(("BIS-01", "Butter biscuits 200 g", "黄油饼干 200克", [24, 990, 742, 402, 2400, 0], (160, 210, 60), 270)),
    biscuit(("BIS-02", "Soda crackers 300 g", "苏打饼干 300克", [20, 1190, 890, 470, 2100, 0], (180, 220, 70), 270)),
    biscuit(("BIS-03", "Cocoa sandwich 150 g", "可可夹心饼干 150克", [24, 850, 632, 338, 1900, 0], (150, 60, 50), 270)),
    biscuit(("BIS-04", "Sesame crisps 180 g", "芝麻薄脆 180克", [24, 1090, 812, 431, 1200, 0], (160, 210, 60), 240)),
    biscuit(("BIS-05", "Egg rolls tin 400 g", "蛋卷礼罐 400克", [8, 3990, 2950, 1630, 420, 0], (190, 240, 110), 300)),
    biscuit(("BIS-06", "Oat cookies 220 g", "燕麦曲奇 220克", [20, 1590, 1182, 640, 880, 0], (170, 210, 65), 240)),
    biscuit(("BIS-07", "Wafer rolls 120 g", "威化卷 120克", [30, 690, 512, 281, 1350, 0], (140, 200, 55), 240)),
    biscuit(("BIS-08", "Children's animal biscuits 100 g", "动物饼干 100克", [36, 590, 436, 240, 1100, 0], (130, 190, 50), 240)),
    nut(("NUT-01", "Roasted sunflower seeds 260 g", "焦糖瓜子 260克", [20, 1290, 968, 560, 2300, 0], (170, 250, 60), 240)),
    nut(("NUT-02", "Daily mixed nuts 7 x 25 g", "每日坚果 7x25克", [12, 3490, 2610, 1580, 1300, 0], (150, 220, 90), 210)),
    nut(("NUT-03", "Salted almonds 150 g", "盐焗巴旦木 150克", [16, 2690, 2008, 1240, 700, 0], (150, 220, 60), 240)),
    nut(("NUT-04", "Paper-shell walnuts 500 g", "纸皮核桃 500克", [10, 3990, 2985, 1890, 480, 0], (220, 300, 90), 240)),
    nut(("NUT-05", "Pistachios 200 g", "开心果 200克", [12, 4590, 3440, 2260, 520, 0], (160, 230, 65), 240)),
    nut(("NUT-06", "Spiced peanuts 200 g", "五香花生 200克", [24, 790, 585, 322, 1600, 0], (150, 210, 55), 240)),
    nut(("NUT-07", "Nut gift box 1.2 kg", "坚果礼盒 1.2千克", [4, 12800, 9450, 6020, 110, 0], (320, 240, 120), 240)),
    tea(("TEA-01", "Jasmine green tea 500 ml", "茉莉清茶 500毫升", [15, 400, 282, 148, 5200, 0], (65, 215, 65), 365)),
    tea(("TEA-02", "Oolong tea no sugar 500 ml", "无糖乌龙茶 500毫升", [15, 450, 318, 160, 4600, 0], (65, 215, 65), 365)),
    tea(("TEA-03", "Lemon black tea 1 l", "柠檬红茶 1升", [12, 590, 420, 226, 2200, 0], (85, 270, 85), 365)),
    tea(("TEA-04", "Plum drink 350 ml", "酸梅汤 350毫升", [24, 390, 276, 146, 1700, 0], (60, 190, 60), 365)),
    tea(("TEA-05", "Honey pomelo tea 500 ml", "蜂蜜柚子茶 500毫升", [15, 550, 392, 214, 1250, 0], (65, 215, 65), 365)),
    tea(("TEA-06", "Barley tea no sugar 900 ml", "无糖大麦茶 900毫升", [12, 690, 489, 250, 980, 0], (80, 265, 80), 365)),
    tea(("TEA-07", "Jasmine green tea 6-pack", "茉莉清茶 6连包", [4, 2190, 1560, 868, 620, 0], (200, 215, 135), 365)),
    dairy(("DAI-01", "Fresh milk 950 ml", "鲜牛奶 950毫升", [12, 1990, 1510, 1020, 2600, 0], (95, 240, 95), 15)),
    dairy(("DAI-02", "Plain yoghurt 8 x 100 g", "原味酸奶 8x100克", [8, 1690, 1275, 840, 2200, 0], (260, 70, 130), 21)),
    dairy(("DAI-03", "Strawberry yoghurt 8 x 100 g", "草莓酸奶 8x100克", [8, 1790, 1350, 892, 1500, 0], (260, 70, 130), 21)),
    dairy(("DAI-04", "Greek yoghurt 150 g", "希腊酸奶 150克", [24, 890, 668, 421, 1450, 0], (85, 90, 85), 21)),
    dairy(("DAI-05", "Lactic drink 4 x 100 ml", "乳酸菌饮品 4x100毫升", [12, 1090, 815, 498, 1700, 0], (160, 90, 45), 30)),
    dairy(("DAI-06", "Cheese sticks 100 g", "奶酪棒 100克", [20, 2490, 1850, 1190, 760, 0], (150, 180, 40), 90)),
    dairy(("DAI-07", "Pudding 3 x 110 g", "鸡蛋布丁 3x110克", [12, 1290, 958, 615, 640, 0], (240, 75, 80), 25)),
    sauce(("SAU-01", "Light soy sauce 500 ml", "生抽酱油 500毫升", [12, 1290, 975, 548, 2500, 0], (70, 265, 70), 540)),
    sauce(("SAU-02", "Dark soy sauce 500 ml", "老抽酱油 500毫升", [12, 1190, 898, 505, 1300, 0], (70, 265, 70), 540)),
    sauce(("SAU-03", "Aged vinegar 420 ml", "陈醋 420毫升", [12, 890, 668, 366, 1500, 0], (65, 250, 65), 720)),
    sauce(("SAU-04", "Oyster sauce 700 g", "蚝油 700克", [12, 1390, 1048, 602, 1400, 0], (80, 250, 80), 540)),
    sauce(("SAU-05", "Chilli crisp 280 g", "香辣脆油辣椒 280克", [24, 1490, 1112, 620, 1650, 0], (75, 110, 75), 540)),
    sauce(("SAU-06", "Bean paste 500 g", "郫味豆瓣酱 500克", [12, 1190, 886, 490, 900, 0], (90, 120, 90), 540)),
    sauce(("SAU-07", "Sesame paste 300 g", "芝麻酱 300克", [12, 1890, 1412, 850, 560, 0], (80, 130, 80), 540)),
    sauce(("SAU-08", "Hotpot base 200 g", "牛油火锅底料 200克", [30, 1290, 958, 520, 1250, 0], (130, 190, 40), 365)),
    noodle(("NOO-01", "Dried wheat noodles 1 kg", "龙须挂面 1千克", [10, 1090, 825, 492, 1800, 0], (90, 260, 60), 365)),
    noodle(("NOO-02", "Egg noodles 800 g", "鸡蛋面 800克", [12, 1290, 968, 560, 1200, 0], (90, 250, 60), 365)),
    noodle(("NOO-03", "Beef instant noodles 5-pack", "红烧牛肉面 五连包", [6, 1490, 1108, 640, 2000, 0], (310, 140, 110), 180)),
    noodle(("NOO-04", "Seafood instant noodles 5-pack", "海鲜面 五连包", [6, 1490, 1108, 640, 1150, 0], (310, 140, 110), 180)),
    noodle(("NOO-05", "Cup noodles 110 g", "桶装面 110克", [12, 550, 405, 226, 2100, 0], (130, 110, 130), 180)),
    noodle(("NOO-06", "Rice vermicelli 400 g", "江西米粉 400克", [20, 790, 588, 318, 850, 0], (150, 280, 50), 540)),
    noodle(("NOO-07", "Buckwheat noodles 500 g", "荞麦面 500克", [15, 1490, 1105, 612, 430, 0], (90, 250, 55), 365)),
];

/// One promotion: `(id, account, SKUs, first day, last day, price cut in percent, true uplift in percent,
/// funding per unit in fen, lump sum in fen)`. The uplift is what the simulation plays; the report must find it.
pub struct Event {
    pub id: &'static str,
    pub account: &'static str,
    pub skus: &'static [&'static str],
    pub from: (i32, u32, u32),
    pub weeks: u32,
    pub cut_percent: u64,
    pub uplift_percent: u64,
    pub per_unit_fen: u64,
    pub lump_fen: u64,
    pub mechanic: &'static str,
}

const fn event(
    (id, account): (&'static str, &'static str),
    skus: &'static [&'static str],
    (from, weeks): ((i32, u32, u32), u32),
    (cut_percent, uplift_percent): (u64, u64),
    (per_unit_fen, lump_fen): (u64, u64),
    mechanic: &'static str,
) -> Event {
    Event { id, account, skus, from, weeks, cut_percent, uplift_percent, per_unit_fen, lump_fen, mechanic }
}

#[rustfmt::skip]
pub const EVENTS: &[Event] = &[
    event(("P24-01", "HEXI"), &["TEA-01", "TEA-02"], ((2024, 7, 22), 2), (20, 150), (40, 300_000), "price_off"),
    event(("P24-02", "BAILE"), &["BIS-01"], ((2024, 8, 12), 2), (15, 70), (80, 200_000), "price_off"),
    event(("P24-03", "YUEHE"), &["DAI-02"], ((2024, 9, 2), 2), (20, 110), (150, 0), "price_off"),
    event(("P24-04", "HEXI"), &["BIS-05", "NUT-07"], ((2024, 9, 9), 2), (10, 160), (300, 800_000), "display"),
    event(("P24-05", "TIANMAI"), &["NUT-02", "NUT-05"], ((2024, 11, 4), 2), (30, 320), (600, 1_000_000), "price_off"),
    event(("P24-06", "JIALIN"), &["NOO-05"], ((2024, 12, 2), 2), (18, 60), (40, 0), "price_off"),
    event(("P25-01", "HEXI"), &["NUT-01", "NUT-07", "BIS-05"], ((2025, 1, 13), 2), (15, 190), (200, 1_000_000), "price_off"),
    event(("P25-02", "BAILE"), &["SAU-08"], ((2025, 1, 6), 2), (20, 120), (120, 150_000), "price_off"),
    event(("P25-03", "DONGHAI"), &["NUT-04"], ((2025, 3, 10), 2), (12, 45), (200, 0), "price_off"),
    event(("P25-04", "YUEHE"), &["SAU-01", "SAU-04"], ((2025, 4, 7), 2), (15, 80), (60, 200_000), "price_off"),
    event(("P25-05", "HEXI"), &["TEA-02", "TEA-06"], ((2025, 5, 12), 2), (20, 140), (45, 300_000), "price_off"),
    event(("P25-06", "TIANMAI"), &["BIS-06", "NUT-02"], ((2025, 6, 9), 2), (25, 240), (420, 800_000), "price_off"),
    event(("P25-07", "BAILE"), &["NOO-03"], ((2025, 7, 14), 2), (15, 75), (100, 150_000), "price_off"),
    event(("P25-08", "LVSHAN"), &["DAI-04"], ((2025, 8, 11), 2), (20, 85), (90, 0), "price_off"),
    event(("P25-09", "HEXI"), &["BIS-05", "NUT-07"], ((2025, 9, 22), 2), (10, 170), (300, 800_000), "display"),
    event(("P25-10", "QINGXI"), &["TEA-05"], ((2025, 10, 6), 2), (20, 40), (50, 60_000), "price_off"),
    event(("P25-11", "TIANMAI"), &["NUT-02", "NUT-05"], ((2025, 11, 3), 2), (30, 340), (600, 1_000_000), "price_off"),
    event(("P25-12", "XIAOLU"), &["NOO-01"], ((2025, 11, 17), 2), (15, 10), (60, 80_000), "price_off"),
    event(("P26-01", "HEXI"), &["NUT-01", "NUT-07", "BIS-05"], ((2026, 1, 26), 2), (15, 200), (200, 1_000_000), "price_off"),
    event(("P26-02", "YUEHE"), &["DAI-01"], ((2026, 3, 9), 2), (15, 65), (140, 0), "price_off"),
    event(("P26-03", "BAILE"), &["SAU-05"], ((2026, 4, 13), 2), (20, 95), (110, 150_000), "price_off"),
    event(("P26-04", "HEXI"), &["TEA-01", "TEA-02"], ((2026, 5, 18), 2), (20, 145), (40, 300_000), "price_off"),
    // The month the sample closes.
    event(("P26-05", "HEXI"), &["SAU-01"], ((2026, 6, 1), 2), (15, 130), (90, 100_000), "price_off"),
    event(("P26-06", "TIANMAI"), &["NUT-02", "BIS-06"], ((2026, 6, 1), 2), (25, 260), (420, 200_000), "price_off"),
    event(("P26-07", "BAILE"), &["BIS-04"], ((2026, 6, 1), 2), (10, 12), (110, 600_000), "display"),
    event(("P26-08", "YUEHE"), &["DAI-02", "DAI-03"], ((2026, 6, 1), 2), (20, 105), (90, 0), "price_off"),
    event(("P26-09", "XIAOLU"), &["NUT-03"], ((2026, 6, 8), 1), (15, 20), (120, 20_000), "price_off"),
    event(("P26-10", "JIALIN"), &["TEA-04"], ((2026, 6, 15), 2), (18, 70), (20, 40_000), "price_off"),
];
