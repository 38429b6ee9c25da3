//! What a supplier meets in each retail format, as data.

use crate::account_type::Format;

/// How many items the format lists (品类宽度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RangeWidth {
    /// A few items, large or exclusive packs.
    Few,
    /// A short range, often with private label.
    Short,
    /// A neighbourhood range.
    Medium,
    /// The widest range.
    Wide,
}

/// How much of the terms are fees (费用强度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeeLoad {
    /// Net prices, few fees.
    Net,
    /// Some fees.
    Some,
    /// Many fees: entry, flyer, display, anniversaries.
    Many,
}

/// Something a supplier plans for (业态特征).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FormatTrait {
    /// A flyer calendar (海报档期).
    FlyerCalendar,
    /// End caps and stacks (端架堆头).
    EndCaps,
    /// Shoppers come for fresh food (生鲜引流).
    FreshTraffic,
    /// Neighbourhood shoppers (社区客群).
    Neighbourhood,
    /// Few facings for each item (排面少).
    FewFacings,
    /// Slow items are delisted quickly (末位淘汰).
    StrictDelisting,
    /// A listing fee for each item and store (条码费).
    ListingFeePerItemAndStore,
    /// Deliveries to the distribution centre only (仅配送中心).
    CentreDeliveryOnly,
    /// One central contract (总部合同).
    CentralContract,
    /// Packs made for the account (专供规格).
    ExclusivePacks,
    /// Items sell or go (售罄或下架).
    SellOrOut,
    /// The account's own label competes (自有品牌).
    PrivateLabel,
    /// Promoters and advisers in the store (导购).
    Promoters,
    /// Licences for the category (品类资质).
    Licences,
    /// A concession: the till turnover is shared (流水倒扣).
    TurnoverDeduction,
    /// Promotions run in dated slots (档期坑位).
    DatedSlots,
    /// The platform takes a commission (平台佣金).
    PlatformCommission,
    /// Prices are compared with other channels at once (全网比价).
    PriceParityPressure,
}

/// What a supplier meets in one format (业态特征表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatFeatures {
    /// How many items it lists.
    pub range: RangeWidth,
    /// How much of the terms are fees.
    pub fees: FeeLoad,
    /// What to plan for.
    pub traits: &'static [FormatTrait],
}

/// What a supplier meets in this format (业态特征); `None` for a format of one's own and for those without a usual answer.
///
/// It describes trade usage and decides nothing: contracts, fees and calendars are the account's own data.
///
/// # Examples
///
/// ```
/// use endcap_account::{FeeLoad, Format, FormatTrait, format_features};
///
/// let club = format_features(&Format::WarehouseClub).ok_or("no usual answer")?;
/// assert_eq!(club.fees, FeeLoad::Net);
/// assert!(club.traits.contains(&FormatTrait::ExclusivePacks));
/// # Ok::<(), &'static str>(())
/// ```
///
/// # Source
///
/// Trade usage; house summary.
#[must_use]
pub const fn format_features(format: &Format) -> Option<FormatFeatures> {
    use FeeLoad::{Many, Net, Some as Several};
    use RangeWidth::{Few, Medium, Short, Wide};
    let (range, fees, traits): (RangeWidth, FeeLoad, &'static [FormatTrait]) = match format {
        Format::Hypermarket => (Wide, Many, &[FormatTrait::FlyerCalendar, FormatTrait::EndCaps]),
        Format::Supermarket => (Medium, Many, &[FormatTrait::Neighbourhood, FormatTrait::FlyerCalendar]),
        Format::FreshSupermarket => {
            (Medium, Several, &[FormatTrait::FreshTraffic, FormatTrait::Neighbourhood])
        }
        Format::Convenience => (
            Short,
            Several,
            &[
                FormatTrait::FewFacings,
                FormatTrait::StrictDelisting,
                FormatTrait::ListingFeePerItemAndStore,
                FormatTrait::CentreDeliveryOnly,
            ],
        ),
        Format::WarehouseClub => {
            (Few, Net, &[FormatTrait::ExclusivePacks, FormatTrait::SellOrOut, FormatTrait::CentralContract])
        }
        Format::Discount | Format::HardDiscount => (Short, Net, &[FormatTrait::PrivateLabel]),
        Format::DrugStore | Format::BeautyStore => {
            (Medium, Several, &[FormatTrait::Promoters, FormatTrait::Licences])
        }
        Format::DepartmentStore => (Wide, Several, &[FormatTrait::TurnoverDeduction]),
        Format::CommunityGroupBuying => (
            Few,
            Several,
            &[FormatTrait::DatedSlots, FormatTrait::PlatformCommission, FormatTrait::PriceParityPressure],
        ),
        Format::InstantRetail => (
            Medium,
            Several,
            &[FormatTrait::DatedSlots, FormatTrait::PlatformCommission, FormatTrait::PriceParityPressure],
        ),
        Format::NetworkRetail => (
            Wide,
            Several,
            &[FormatTrait::DatedSlots, FormatTrait::PlatformCommission, FormatTrait::PriceParityPressure],
        ),
        Format::SpecialtyStore
        | Format::CollectionStore
        | Format::UnmannedStore
        | Format::OutletMall
        | Format::Other(_) => return None,
    };
    Some(FormatFeatures { range, fees, traits })
}
