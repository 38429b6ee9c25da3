//! Kinds of key account: six axes, and what follows from them.

use endcap_types::limits::MAX_ID_CHARS;

use crate::error::AccountError;

/// A name of one's own on an axis (其他), 1 to 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct OtherName(String);

impl OtherName {
    /// A checked name.
    ///
    /// # Errors
    ///
    /// - [`AccountError::OutOfRange`] for an empty name, more than 64 characters, control characters, or space around it.
    pub fn new(name: impl Into<String>) -> Result<Self, AccountError> {
        let name = name.into();
        let length = name.chars().count();
        if length == 0 || length > MAX_ID_CHARS || name.trim() != name || name.chars().any(char::is_control) {
            let value = format!("{:?}", name.chars().take(MAX_ID_CHARS).collect::<String>());
            let rule = "it must have 1 to 64 characters, no control characters and no space around it";
            return Err(AccountError::OutOfRange { what: "a name on an axis".to_owned(), value, rule });
        }
        Ok(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OtherName {
    type Error = AccountError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(name)
    }
}

impl From<OtherName> for String {
    fn from(name: OtherName) -> Self {
        name.0
    }
}

macro_rules! axis {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// Another one, by name.
            Other(OtherName),
        }

        impl $name {
            /// Every named one.
            pub const NAMED: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}

axis! {
    /// What kind of shop it is (零售业态).
    ///
    /// Areas and assortments that part one format from the next are a country's standard or a user's own bands, not
    /// constants here.
    Format {
        /// Hypermarket (大卖场).
        Hypermarket,
        /// Supermarket (超市).
        Supermarket,
        /// Supermarket that fresh food leads (生鲜超市).
        FreshSupermarket,
        /// Convenience store (便利店).
        Convenience,
        /// Warehouse club (仓储会员店).
        WarehouseClub,
        /// Discounter (折扣店).
        Discount,
        /// Hard discounter (硬折扣店).
        HardDiscount,
        /// Drug store chain (药妆药房连锁).
        DrugStore,
        /// Beauty chain (美妆连锁).
        BeautyStore,
        /// Department store (百货店).
        DepartmentStore,
        /// Specialty store (专业店).
        SpecialtyStore,
        /// Collection store (集合店).
        CollectionStore,
        /// Unmanned store (无人店).
        UnmannedStore,
        /// Outlet mall (奥特莱斯).
        OutletMall,
        /// Community group buying (社区团购).
        CommunityGroupBuying,
        /// Instant retail (即时零售).
        InstantRetail,
        /// Network retail (网络零售).
        NetworkRetail,
    }
}

axis! {
    /// Who owns it (所有制).
    Ownership {
        /// Foreign (外资).
        Foreign,
        /// National private (民营).
        NationalPrivate,
        /// State (国有).
        State,
        /// Cooperative (合作社).
        Cooperative,
        /// Franchise (加盟).
        Franchise,
    }
}

axis! {
    /// How far it reaches (覆盖范围).
    Scope {
        /// Foreign chain in many provinces, IKA (国际连锁).
        International,
        /// National, NKA (全国性重点客户).
        National,
        /// Regional, RKA (区域重点客户).
        Regional,
        /// Local, LKA (地方重点客户).
        Local,
    }
}

axis! {
    /// Who signs (签约权限).
    Authority {
        /// Head office (总部集权).
        HeadOffice,
        /// Region (区域集权).
        Region,
        /// Each store on its own (门店自主).
        Store,
    }
}

axis! {
    /// How goods get there (供货方式).
    Supply {
        /// The supplier invoices and delivers (直供).
        Direct,
        /// A distributor does (经销商供货).
        Distributor,
        /// To the account's distribution centre (配送中心).
        DistributionCentre,
        /// Direct to each store (直送门店).
        DirectStoreDelivery,
        /// The supplier plans the stock (供应商管理库存).
        VendorManagedInventory,
    }
}

axis! {
    /// How it pays (结算方式).
    Settlement {
        /// Pay on sale (代销实结).
        Consignment,
        /// Credit term (赊销账期).
        CreditTerm,
        /// Deduction from till turnover (流水倒扣).
        TurnoverDeduction,
    }
}

/// What an account is (客户类型): format × ownership × scope × authority × supply × settlement.
///
/// # Examples
///
/// ```
/// use endcap_account::{AccountType, Authority, Expectation, Format, Ownership, Scope, Settlement, Supply};
///
/// let chain = AccountType {
///     format: Format::Convenience,
///     ownership: Ownership::NationalPrivate,
///     scope: Scope::Regional,
///     authority: Authority::HeadOffice,
///     supply: Supply::DistributionCentre,
///     settlement: Settlement::CreditTerm,
/// };
/// assert_eq!(chain.expectations(), [Expectation::LogisticsAllowance]);
/// ```
///
/// # Source
///
/// Formats after GB/T 18106-2021, Classification of retail formats; the other axes and their consequences, house rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct AccountType {
    /// What kind of shop.
    pub format: Format,
    /// Who owns it.
    pub ownership: Ownership,
    /// How far it reaches.
    pub scope: Scope,
    /// Who signs.
    pub authority: Authority,
    /// How goods get there.
    pub supply: Supply,
    /// How it pays.
    pub settlement: Settlement,
}

/// What must be so for an account of this type (类型推论).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Expectation {
    /// Stores sign for themselves: contacts and contracts are kept per store.
    ContractsPerStore,
    /// Goods go through the account's centre: the contract has a logistics allowance.
    LogisticsAllowance,
    /// The till is shared out: nothing is receivable before goods are sold.
    NoReceivableBeforeSale,
}

impl AccountType {
    /// What must be so for such an account, in a fixed order.
    #[must_use]
    pub fn expectations(&self) -> Vec<Expectation> {
        let rules = [
            (self.authority == Authority::Store, Expectation::ContractsPerStore),
            (self.supply == Supply::DistributionCentre, Expectation::LogisticsAllowance),
            (self.settlement == Settlement::TurnoverDeduction, Expectation::NoReceivableBeforeSale),
        ];
        rules.into_iter().filter_map(|(applies, expectation)| applies.then_some(expectation)).collect()
    }
}
