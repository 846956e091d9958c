//! The agenda of `on_idle`, and the end of copies (protocol.md 2 and 9.6).

use crate::{
    pallet::*,
    rules::state::{CopyEvent, SpanEvent},
    types::*,
};
use frame_support::traits::Get;

/// Periods for which a copy that ended stays readable.
const READABLE_PERIODS: u32 = 4;

/// Copies that ended long ago that one more end removes.
const REMOVED_AT_ONCE: u32 = 2;

impl<T: Config> Pallet<T> {
    /// Moves a task from its old block to a new one, never to one that the agenda has passed; returns where it is.
    pub(crate) fn reschedule(task: AgendaItem, old: Option<u32>, new: Option<u32>) -> Option<u32> {
        if let Some(old) = old {
            Agenda::<T>::remove(old, task);
        }
        let block = new?.max(AgendaCursor::<T>::get());
        Agenda::<T>::insert(block, task, ());
        Some(block)
    }

    /// Stores a copy and puts it on the agenda.
    pub(crate) fn plan_copy(id: u64, mut copy: Copy, block: u32) {
        copy.due = Self::reschedule(AgendaItem::Copy(id), Some(copy.due), Some(block)).unwrap_or(block);
        Copies::<T>::insert(id, copy);
    }

    /// Ends a copy: its capacity, lock, parties and duties are free again; it stays readable for some periods.
    pub(crate) fn end_copy(id: u64, mut copy: Copy, event: CopyEvent) {
        let (Some(state), Some(reason)) = (copy.state.after(event), Reason::of(event)) else { return };
        copy.state = state;
        copy.ended_at = Some(Self::now());
        for span in copy.spans.iter() {
            Self::end_span(*span, &copy.core);
        }
        Self::release_pinner(id, &copy);
        Pots::<T>::mutate(copy.core, |pot| pot.release(&mut copy.locked));
        if CoreCopies::<T>::get(copy.core, copy.slot) == Some(id) {
            CoreCopies::<T>::remove(copy.core, copy.slot);
        }
        Cores::<T>::mutate(copy.core, |core| {
            if let Some(core) = core {
                core.copies = core.copies.saturating_sub(1);
            }
        });
        // Of an unsettled copy at most the current period and the one in its grace are open; older ones were settled in order.
        let _ = Records::<T>::clear_prefix(id, 64, None);
        Agenda::<T>::remove(copy.due, AgendaItem::Copy(id));
        Copies::<T>::insert(id, copy);
        Self::bury(id);
        Self::deposit_event(Event::CopyEnded { copy: id, reason });
    }

    fn end_span(id: u64, core: &CoreKey) {
        Spans::<T>::mutate(id, |span| {
            let Some(span) = span else { return };
            if let Some(state) = span.state.after(SpanEvent::CopyOver) {
                span.state = state;
                span.deadline = None;
            }
            if let Some(signer) = &span.signer {
                Self::change_party(core, signer, |party| party.signer = party.signer.saturating_sub(1));
                Duties::<T>::remove(signer, Duty::Span(id));
            }
        });
    }

    fn release_pinner(id: u64, copy: &Copy) {
        Self::change_party(&copy.core, &copy.pinner, |party| party.pinner = party.pinner.saturating_sub(1));
        Duties::<T>::remove(&copy.pinner, Duty::Copy(id));
        Providers::<T>::mutate(&copy.pinner, |provider| {
            if let Some(provider) = provider {
                provider.reserved = provider.reserved.saturating_sub(copy.reserved);
            }
        });
    }

    fn change_party(core: &CoreKey, who: &sp_runtime::AccountId32, change: impl FnOnce(&mut Party)) {
        let mut party = CoreParties::<T>::get(core, who);
        change(&mut party);
        match party == Party::default() {
            true => CoreParties::<T>::remove(core, who),
            false => CoreParties::<T>::insert(core, who, party),
        }
    }

    /// Queues a copy that ended for removal, and removes the two oldest if they were readable long enough: so the queue shrinks again
    /// after many ended at once.
    fn bury(id: u64) {
        let mut range = EndedRange::<T>::get();
        EndedCopies::<T>::insert(range.tail, id);
        range.tail = range.tail.wrapping_add(1);
        for _ in 0..REMOVED_AT_ONCE {
            Self::remove_oldest(&mut range);
        }
        EndedRange::<T>::put(range);
    }

    fn remove_oldest(range: &mut FreeRange) {
        let Some(id) = EndedCopies::<T>::get(range.head) else { return };
        let Some(copy) = Copies::<T>::get(id) else { return };
        let readable = T::Period::get().saturating_mul(READABLE_PERIODS);
        if copy.ended_at.is_some_and(|ended_at| ended_at.saturating_add(readable) < Self::now()) {
            copy.spans.iter().for_each(Spans::<T>::remove);
            Copies::<T>::remove(id);
            EndedCopies::<T>::remove(range.head);
            range.head = range.head.wrapping_add(1);
        }
    }
}
