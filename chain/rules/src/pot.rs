//! The pot of a core and its donors' shares (protocol.md 9.4). Nothing changes when a function returns an error.

use crate::Balance;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::U256;

/// Shares are scaled down by this many bits when they outgrow the balance by [`HEADROOM_BITS`].
pub const SCALE_BITS: u32 = 32;

/// The total of shares stays at or below the balance times 2 to this power.
pub const HEADROOM_BITS: u32 = 40;

/// Why the pot refuses.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum PotError {
    /// The donation is below the least one.
    BelowMinimum,
    /// Balance, total or holders would leave their type.
    Overflow,
    /// Less is free than an assignment has to lock.
    Underfunded,
    /// The copy's lock and what is free together are less than the payment.
    PotExhausted,
    /// The account has no share worth anything.
    NoShare,
    /// A part of the balance is locked by copies.
    InUse,
}

/// The donations to one core.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Pot {
    /// B: the balance.
    #[codec(compact)]
    pub balance: Balance,
    /// T: all shares, at the current scale.
    #[codec(compact)]
    pub total: u128,
    /// W: the sum of share times wish, at the current scale.
    #[codec(compact)]
    pub wishes: u128,
    /// Counts how often the pot was refilled from zero; shares of earlier eras are worth nothing.
    pub era: u32,
    /// How often shares of this era were scaled down.
    pub scale: u32,
    /// Stored shares of this era.
    pub holders: u32,
    /// The sum of all copies' locks; at most the balance.
    #[codec(compact)]
    pub locked: Balance,
}

/// One donor's share of a pot.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    /// Amount at the scale below.
    #[codec(compact)]
    pub n: u128,
    /// How many copies the donor wants.
    pub wish: u8,
    /// The pot's era when it was written.
    pub era: u32,
    /// The pot's scale when it was written.
    pub scale: u32,
}

/// What a donation gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Donated {
    /// The donor's share from now on.
    pub share: Share,
    /// What it grew by, at the pot's current scale.
    pub shares: u128,
}

/// What leaves a pot when a share is given back; the share is to be removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reclaimed {
    /// For the donor.
    pub value: Balance,
    /// Left by rounding behind the last holder: burned as a fee.
    pub dust: Balance,
}

impl Pot {
    /// What a share is now: 0 if it is of another era.
    pub fn read(&self, share: &Share) -> u128 {
        if share.era != self.era {
            return 0;
        }
        let bits = self.scale.saturating_sub(share.scale).saturating_mul(SCALE_BITS);
        share.n.checked_shr(bits).unwrap_or(0)
    }

    /// What no copy has locked: B - Σ locked.
    pub fn free(&self) -> Balance {
        self.balance.saturating_sub(self.locked)
    }

    /// Copies wanted: min(max, floor(W / T)), 0 without shares.
    pub fn wanted(&self, max: u32) -> u32 {
        let mean = self.wishes.checked_div(self.total).unwrap_or(0);
        u32::try_from(mean).unwrap_or(u32::MAX).min(max)
    }

    /// Whether a share is more than a tenth of all (9.1: such a donor is not drawn).
    pub fn is_large(&self, share: &Share) -> bool {
        U256::from(self.read(share)) * 10 > U256::from(self.total)
    }

    /// Adds a donation; the new wish holds for the donor's whole share. `share` is what is stored. BelowMinimum, Overflow.
    pub fn donate(&mut self, share: Option<&Share>, amount: Balance, wish: u8, minimum: Balance) -> Result<Donated, PotError> {
        if amount < minimum.max(1) {
            return Err(PotError::BelowMinimum);
        }
        let mut next = *self;
        if next.balance == 0 {
            let era = next.era.checked_add(1).ok_or(PotError::Overflow)?;
            next = Pot { era, locked: next.locked, ..Pot::default() };
        }
        next.rescale()?;
        let shares = match next.total {
            0 => amount,
            total => mul_div(amount, total, next.balance).ok_or(PotError::Overflow)?,
        };
        let old = share.map_or(0, |share| next.read(share));
        let n = old.checked_add(shares).ok_or(PotError::Overflow)?;
        if share.is_none_or(|share| share.era != next.era) {
            next.holders = next.holders.checked_add(1).ok_or(PotError::Overflow)?;
        }
        next.total = next.total.checked_add(shares).ok_or(PotError::Overflow)?;
        next.balance = next.balance.checked_add(amount).ok_or(PotError::Overflow)?;
        next.replace_wish((old, share.map_or(0, |share| share.wish)), (n, wish));
        let share = Share { n, wish, era: next.era, scale: next.scale };
        *self = next;
        Ok(Donated { share, shares })
    }

    /// Changes a donor's wish and returns the share to store. NoShare.
    pub fn set_wish(&mut self, share: &Share, wish: u8) -> Result<Share, PotError> {
        let n = self.read(share);
        if n == 0 {
            return Err(PotError::NoShare);
        }
        self.replace_wish((n, share.wish), (n, wish));
        Ok(Share { n, wish, era: self.era, scale: self.scale })
    }

    /// Locks what an assigned copy will cost; the caller keeps the amount as the copy's lock. Underfunded.
    pub fn lock(&mut self, amount: Balance) -> Result<(), PotError> {
        if amount > self.free() {
            return Err(PotError::Underfunded);
        }
        self.locked += amount;
        Ok(())
    }

    /// Frees what is left of an ended copy's lock, which becomes 0.
    pub fn release(&mut self, copy_lock: &mut Balance) {
        self.locked = self.locked.saturating_sub(*copy_lock);
        *copy_lock = 0;
    }

    /// Whether a copy with this lock can pay the amount.
    pub fn can_burn(&self, amount: Balance, copy_lock: Balance) -> bool {
        amount.saturating_sub(copy_lock) <= self.free()
    }

    /// Takes a payment for a copy: from its lock first, then from what is free; fees use a lock of 0. PotExhausted.
    pub fn burn(&mut self, amount: Balance, copy_lock: &mut Balance) -> Result<(), PotError> {
        if !self.can_burn(amount, *copy_lock) {
            return Err(PotError::PotExhausted);
        }
        let from_lock = amount.min(*copy_lock);
        *copy_lock -= from_lock;
        self.locked = self.locked.saturating_sub(from_lock);
        self.balance = self.balance.saturating_sub(amount);
        Ok(())
    }

    /// Gives a share back; the caller has checked that the core has no copies and no requests. InUse while anything is locked.
    pub fn reclaim(&mut self, share: &Share) -> Result<Reclaimed, PotError> {
        if self.locked > 0 {
            return Err(PotError::InUse);
        }
        if share.era != self.era {
            return Ok(Reclaimed { value: 0, dust: 0 });
        }
        let n = self.read(share);
        let value =
            if n == self.total { self.balance } else { mul_div(self.balance, n, self.total).ok_or(PotError::Overflow)? };
        self.replace_wish((n, share.wish), (0, 0));
        self.total = self.total.saturating_sub(n);
        self.balance = self.balance.saturating_sub(value);
        self.holders = self.holders.saturating_sub(1);
        if self.holders > 0 {
            return Ok(Reclaimed { value, dust: 0 });
        }
        let dust = self.balance;
        *self = Pot { era: self.era, scale: self.scale, ..Pot::default() };
        Ok(Reclaimed { value, dust })
    }

    /// While T > B << 40 (saturating), shifts T and W down by 32 bits; B is not 0 here unless T is.
    fn rescale(&mut self) -> Result<(), PotError> {
        let limit = match self.balance.leading_zeros() >= HEADROOM_BITS {
            true => self.balance << HEADROOM_BITS,
            false => u128::MAX,
        };
        while self.total > limit {
            self.total >>= SCALE_BITS;
            self.wishes >>= SCALE_BITS;
            self.scale = self.scale.checked_add(1).ok_or(PotError::Overflow)?;
        }
        Ok(())
    }

    /// W without the old (share, wish) and with the new, saturating both ways.
    fn replace_wish(&mut self, old: (u128, u8), new: (u128, u8)) {
        let product = |(n, wish): (u128, u8)| n.saturating_mul(u128::from(wish));
        self.wishes = self.wishes.saturating_sub(product(old)).saturating_add(product(new));
    }
}

/// floor(a·b/c) in 256 bits, or None if c is 0 or the result leaves u128.
pub fn mul_div(a: u128, b: u128, c: u128) -> Option<u128> {
    let quotient = U256::from(a).full_mul(U256::from(b)).checked_div(U256::from(c).into())?;
    u128::try_from(quotient).ok()
}
