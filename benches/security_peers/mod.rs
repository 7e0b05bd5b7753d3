//! What somebody would write who needs plain ACEs and nothing else: no conditions, claims, labels or object types, no
//! word about what is wrong or where.

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sid {
    count: u8,
    authority: u64,
    parts: [u32; 15],
}

pub struct Ace {
    kind: u8,
    flags: u8,
    mask: u32,
    sid: Sid,
}

#[derive(Default)]
pub struct Descriptor {
    pub owner: Option<Sid>,
    pub group: Option<Sid>,
    pub dacl: Option<Vec<Ace>>,
    pub sacl: Option<Vec<Ace>>,
    pub control: u16,
}

const fn well_known(authority: u64, count: u8, first: u32, second: u32) -> Sid {
    Sid { count, authority, parts: [first, second, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }
}

const fn builtin(rid: u32) -> Sid {
    well_known(5, 2, 32, rid)
}

struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Reads SDDL: offsets into bytes, a `match` for every code.
pub fn parse(text: &str) -> Option<Descriptor> {
    let mut text = Text { bytes: text.as_bytes(), at: 0 };
    let mut descriptor = Descriptor::default();
    while text.at < text.bytes.len() {
        let letter = text.bytes[text.at];
        text.at += 1;
        text.expect(b':')?;
        match letter {
            b'O' => descriptor.owner = Some(text.sid()?),
            b'G' => descriptor.group = Some(text.sid()?),
            b'D' => descriptor.dacl = Some(text.acl(&mut descriptor.control, 0)?),
            b'S' => descriptor.sacl = Some(text.acl(&mut descriptor.control, 1)?),
            _ => return None,
        }
    }
    Some(descriptor)
}

impl Text<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        let found = self.peek() == byte;
        self.at += 1;
        found.then_some(())
    }

    fn pair(&mut self) -> Option<&[u8; 2]> {
        let pair = self.bytes.get(self.at..)?.first_chunk::<2>()?;
        self.at += 2;
        Some(pair)
    }

    fn acl(&mut self, control: &mut u16, shift: u16) -> Option<Vec<Ace>> {
        loop {
            match self.peek() {
                b'P' => *control |= 0x1000 << shift,
                b'A' if self.bytes.get(self.at + 1) == Some(&b'R') => {
                    *control |= 0x100 << shift;
                    self.at += 1;
                }
                b'A' => {
                    *control |= 0x400 << shift;
                    self.at += 1;
                }
                _ => break,
            }
            self.at += 1;
        }
        let mut aces = Vec::new();
        while self.peek() == b'(' {
            self.at += 1;
            aces.push(self.ace()?);
        }
        Some(aces)
    }

    fn ace(&mut self) -> Option<Ace> {
        let kind = match (self.peek(), self.bytes.get(self.at + 1)?) {
            (b'A', b';') => 0,
            (b'D', b';') => 1,
            (b'A', b'U') => {
                self.at += 1;
                2
            }
            _ => return None,
        };
        self.at += 1;
        self.expect(b';')?;
        let mut flags = 0;
        while self.peek() != b';' {
            flags |= match self.pair()? {
                b"OI" => 1,
                b"CI" => 2,
                b"NP" => 4,
                b"IO" => 8,
                b"ID" => 0x10,
                b"SA" => 0x40,
                b"FA" => 0x80,
                _ => return None,
            };
        }
        self.at += 1;
        let mask = self.mask()?;
        self.expect(b';')?;
        self.expect(b';')?;
        self.expect(b';')?;
        let sid = self.sid()?;
        self.expect(b')')?;
        Some(Ace { kind, flags, mask, sid })
    }

    fn mask(&mut self) -> Option<u32> {
        if self.peek() == b'0' {
            self.at += 1;
            self.expect(b'x')?;
            let mut mask = 0u32;
            while let Some(digit) = char::from(self.peek()).to_digit(16) {
                mask = mask << 4 | digit;
                self.at += 1;
            }
            return Some(mask);
        }
        let mut mask = 0;
        while self.peek() != b';' {
            mask |= match self.pair()? {
                b"FA" => 0x1F_01FF,
                b"FR" => 0x12_0089,
                b"FW" => 0x12_0116,
                b"FX" => 0x12_00A0,
                b"GA" => 0x1000_0000,
                b"GX" => 0x2000_0000,
                b"GW" => 0x4000_0000,
                b"GR" => 0x8000_0000,
                b"SD" => 0x1_0000,
                b"RC" => 0x2_0000,
                b"WD" => 0x4_0000,
                b"WO" => 0x8_0000,
                b"CC" => 1,
                b"DC" => 2,
                b"LC" => 4,
                b"SW" => 8,
                b"RP" => 0x10,
                b"WP" => 0x20,
                b"DT" => 0x40,
                b"LO" => 0x80,
                b"CR" => 0x100,
                _ => return None,
            };
        }
        Some(mask)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0u64;
        let start = self.at;
        while let digit @ b'0'..=b'9' = self.peek() {
            number = number * 10 + u64::from(digit - b'0');
            self.at += 1;
            if number > u64::from(u32::MAX) {
                return None;
            }
        }
        (self.at > start).then_some(number as u32)
    }

    fn sid(&mut self) -> Option<Sid> {
        Some(match self.pair()? {
            b"S-" => {
                self.expect(b'1')?;
                self.expect(b'-')?;
                let authority = self.number()?.into();
                let (mut parts, mut count) = ([0; 15], 0u8);
                while self.peek() == b'-' {
                    self.at += 1;
                    *parts.get_mut(usize::from(count))? = self.number()?;
                    count += 1;
                }
                Sid { count, authority, parts }
            }
            b"BA" => builtin(544),
            b"BU" => builtin(545),
            b"BG" => builtin(546),
            b"PU" => builtin(547),
            b"AO" => builtin(548),
            b"SO" => builtin(549),
            b"PO" => builtin(550),
            b"BO" => builtin(551),
            b"RE" => builtin(552),
            b"RD" => builtin(555),
            b"NO" => builtin(556),
            b"SY" => well_known(5, 1, 18, 0),
            b"LS" => well_known(5, 1, 19, 0),
            b"NS" => well_known(5, 1, 20, 0),
            b"AU" => well_known(5, 1, 11, 0),
            b"IU" => well_known(5, 1, 4, 0),
            b"NU" => well_known(5, 1, 2, 0),
            b"SU" => well_known(5, 1, 6, 0),
            b"AN" => well_known(5, 1, 7, 0),
            b"PS" => well_known(5, 1, 10, 0),
            b"WD" => well_known(1, 1, 0, 0),
            b"CO" => well_known(3, 1, 0, 0),
            b"CG" => well_known(3, 1, 1, 0),
            b"OW" => well_known(3, 1, 4, 0),
            _ => return None,
        })
    }
}

/// Whether all that is asked for is granted: steps 3 to 5 of [MS-DTYP] 2.5.3.2, in one loop.
pub fn access_check(descriptor: &Descriptor, token: &[Sid], desired: u32) -> bool {
    const OWNER_RIGHTS: Sid = well_known(3, 1, 4, 0);
    let Some(dacl) = &descriptor.dacl else { return true };
    let mut remaining = desired;
    let owner = descriptor.owner.is_some_and(|owner| token.contains(&owner));
    if owner && !dacl.iter().any(|ace| ace.sid == OWNER_RIGHTS && ace.flags & 8 == 0) {
        remaining &= !0x6_0000;
    }
    for ace in dacl {
        if remaining == 0 {
            return true;
        }
        if ace.flags & 8 != 0 || !(token.contains(&ace.sid) || (owner && ace.sid == OWNER_RIGHTS)) {
            continue;
        }
        match ace.kind {
            0 => remaining &= !ace.mask,
            1 if remaining & ace.mask != 0 => return false,
            _ => {}
        }
    }
    remaining == 0
}
