//! Computes the descriptors of new objects from stated, inherited and default parts.

use super::{
    ace::Ace,
    ace_type::AceFlags,
    acl::{Acl, AclPart},
    descriptor::{Control, SecurityDescriptor},
    mask::{AccessMask, GenericMapping},
    sid::Sid,
    token::Token,
    trustee::Trustee,
};

/// The type of a new object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "an object is a container or a leaf")]
pub enum NewObject {
    /// A task: a leaf.
    Task,
    /// A folder: a container.
    Folder,
}

crate::dtyp::macros::choice! {
    NewObject {
        Task = "task",
        Folder = "folder",
    }
}

impl SecurityDescriptor {
    /// Computes the descriptor of a new task or folder ([MS-DTYP] 2.5.3.4) from the stated descriptor, the parent
    /// folder, and the defaults of the creator's token.
    ///
    /// * The owner and the group are those stated, or else those of the token.
    /// * If no DACL is stated, it is inherited; if nothing is inherited, it is the token's default.
    /// * If a DACL is stated, inherited ACEs are added at the end, unless it is protected.
    /// * In effective ACEs, Creator Owner and Creator Group are replaced, and generic rights are mapped.
    ///
    /// ```
    /// use wintask::security::{NewObject, SecurityDescriptor, Token};
    ///
    /// let user = Token::new("S-1-5-21-1-2-3-1001".parse()?);
    /// let root = wintask::scheduler::root_descriptor();
    /// let task = SecurityDescriptor::create(NewObject::Task, Some(&root), None, &user);
    /// assert_eq!(
    ///     task.to_string(),
    ///     "O:S-1-5-21-1-2-3-1001D:AI(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FA;;;S-1-5-21-1-2-3-1001)"
    /// );
    /// # Ok::<(), wintask::security::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "CreateSecurityDescriptor")]
    pub fn create(
        object: NewObject,
        parent: Option<&SecurityDescriptor>,
        stated: Option<&SecurityDescriptor>,
        creator: &Token,
    ) -> Self {
        let owner = stated.and_then(|stated| stated.owner).unwrap_or(creator.owner().into());
        let group = stated.and_then(|stated| stated.group).or(creator.primary_group.map(Trustee::Sid));
        let heir = Heir { object, owner, group, mapping: GenericMapping::FILE };
        let (mut control, mut parts) = (Control::NONE, [AclPart::Absent, AclPart::Absent]);
        for (place, side) in parts.iter_mut().zip([Side::DACL, Side::SACL]) {
            let (part, bits) = heir.part(&side, parent, stated);
            *place = part;
            control = control | bits;
        }
        let [mut dacl, sacl] = parts;
        if dacl == AclPart::Absent {
            let default = creator.default_dacl.clone().unwrap_or_else(|| token_dacl(owner));
            dacl = Acl::new(heir.settled(&default.aces)).into();
        }
        Self { owner: Some(owner), group, dacl, sacl, control, ..Self::new() }
    }
}

/// The differences between the two ACLs.
struct Side {
    part: fn(&SecurityDescriptor) -> &AclPart,
    protected: Control,
    auto_inherited: Control,
}

impl Side {
    const DACL: Self = Self {
        part: |descriptor| &descriptor.dacl,
        protected: Control::DACL_PROTECTED,
        auto_inherited: Control::DACL_AUTO_INHERITED,
    };
    const SACL: Self = Self {
        part: |descriptor| &descriptor.sacl,
        protected: Control::SACL_PROTECTED,
        auto_inherited: Control::SACL_AUTO_INHERITED,
    };
}

/// The properties of the new object that determine its ACLs.
struct Heir {
    object: NewObject,
    owner: Trustee,
    group: Option<Trustee>,
    mapping: GenericMapping,
}

impl Heir {
    /// One of the ACLs with its control bits; absent if it is neither stated nor inherited.
    fn part(
        &self,
        side: &Side,
        parent: Option<&SecurityDescriptor>,
        stated: Option<&SecurityDescriptor>,
    ) -> (AclPart, Control) {
        let parent = parent.map_or(&[][..], |parent| (side.part)(parent).aces());
        let inherited = || parent.iter().flat_map(|ace| self.inherited(ace));
        let own = stated.map_or(&AclPart::Absent, |stated| (side.part)(stated));
        let protected = stated.is_some_and(|stated| stated.control.contains(side.protected));
        match own {
            AclPart::Absent => {
                let aces: Vec<_> = inherited().collect();
                let none = aces.is_empty();
                if none {
                    (AclPart::Absent, Control::NONE)
                } else {
                    (Acl::new(aces).into(), side.auto_inherited)
                }
            }
            AclPart::Null => (AclPart::Null, if protected { side.protected } else { Control::NONE }),
            AclPart::Present(acl) if protected => {
                let clear = |ace: &Ace| ace.clone().with_flags(ace.flags.without(AceFlags::INHERITED));
                let aces: Vec<_> = acl.aces.iter().map(clear).collect();
                (Acl::new(self.settled(&aces)).into(), side.protected)
            }
            AclPart::Present(acl) => {
                let explicit: Vec<_> = acl.aces.iter().filter(|ace| !ace.is_inherited()).cloned().collect();
                let mut aces = self.settled(&explicit);
                aces.extend(inherited());
                (Acl::new(aces).into(), side.auto_inherited)
            }
        }
    }

    /// The ACEs that the object inherits from an ACE of its parent ([MS-DTYP] 2.5.3.4.4): none, an effective one, an
    /// inheritable one, one that is both, or one of each.
    fn inherited(&self, ace: &Ace) -> Vec<Ace> {
        let flags = ace.flags;
        let [leaf, container, once] =
            [AceFlags::OBJECT_INHERIT, AceFlags::CONTAINER_INHERIT, AceFlags::NO_PROPAGATE_INHERIT]
                .map(|flag| flags.contains(flag));
        let base = flags.without(AceFlags::INHERITANCE) | AceFlags::INHERITED;
        let copy = |flags: AceFlags| ace.clone().with_flags(flags);
        // Tasks and folders have no object type for an ACE to match.
        let concerned = ace.inherited_object_type().is_none();
        if self.object == NewObject::Task {
            let effective = leaf && concerned;
            return effective.then(|| self.effective(&copy(base))).into_iter().collect();
        }
        let passed_on = base | AceFlags(flags.0 & (AceFlags::OBJECT_INHERIT | AceFlags::CONTAINER_INHERIT).0);
        let dormant = || copy(passed_on | AceFlags::INHERIT_ONLY);
        match (container && concerned, once) {
            (true, true) => vec![self.effective(&copy(base))],
            (true, false) if self.is_generic(ace) => vec![self.effective(&copy(base)), dormant()],
            (true, false) => vec![copy(passed_on)],
            (false, false) if leaf || container => vec![dormant()],
            (false, _) => Vec::new(),
        }
    }

    /// The stated ACEs, made effective (PostProcessACL, [MS-DTYP] 2.5.3.4.8). In a folder, an inheritable ACE is
    /// split if making it effective changes it.
    fn settled(&self, aces: &[Ace]) -> Vec<Ace> {
        let settle = |ace: &Ace| {
            let passed_on = AceFlags::OBJECT_INHERIT | AceFlags::CONTAINER_INHERIT;
            let heritable = self.object == NewObject::Folder && ace.flags.0 & passed_on.0 != 0;
            match self.is_generic(ace) {
                _ if !ace.is_effective() => vec![ace.clone()],
                true if heritable => {
                    let effective = ace.clone().with_flags(ace.flags.without(AceFlags::INHERITANCE));
                    let dormant = ace.clone().with_flags(ace.flags | AceFlags::INHERIT_ONLY);
                    vec![self.effective(&effective), dormant]
                }
                _ => vec![self.effective(ace)],
            }
        };
        aces.iter().flat_map(settle).collect()
    }

    /// Whether making the ACE effective changes it.
    fn is_generic(&self, ace: &Ace) -> bool {
        ace.mask.intersects(AccessMask::GENERIC) || self.trustee(ace.trustee) != ace.trustee
    }

    fn effective(&self, ace: &Ace) -> Ace {
        let mut effective = ace.clone();
        effective.mask = self.mapping.map(ace.mask);
        effective.trustee = self.trustee(ace.trustee);
        effective
    }

    /// Replaces Creator Owner with the owner, and Creator Group with the group.
    fn trustee(&self, trustee: Trustee) -> Trustee {
        match trustee.sid() {
            Some(Sid::CREATOR_OWNER) => self.owner,
            Some(Sid::CREATOR_GROUP) => self.group.unwrap_or(trustee),
            _ => trustee,
        }
    }
}

/// The default DACL if the token has none: full control for the owner and the system.
fn token_dacl(owner: Trustee) -> Acl {
    let all = |trustee| Ace::allow(AccessMask::GENERIC_ALL, trustee);
    Acl::new(vec![all(owner), all(Sid::LOCAL_SYSTEM.into())])
}
