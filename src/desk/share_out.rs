//! Who gets which chat, where a shop has chats given out (`assignment: {how: automatic}`).

use std::cmp::Reverse;

use crate::domain::{At, ConversationId, PrincipalId, QueueName, Urgency};

/// A chat that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub conversation: ConversationId,
    /// How soon somebody should look.
    pub urgency: Urgency,
    /// Since when it waits.
    pub since: At,
    /// Where it was put. `None`: anybody may have it.
    pub queue: Option<QueueName>,
    /// Who held it last in this episode.
    pub held_last_by: Option<PrincipalId>,
}

/// A person who may get chats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentLoad {
    /// Who.
    pub agent: PrincipalId,
    /// Whether they take chats now: there, and neither busy nor away.
    pub is_online: bool,
    /// How many they hold, over all shops.
    pub held: usize,
    /// When they were last given one. `None`: not yet.
    pub last_given: Option<At>,
    /// The queues they answer for; none: all.
    pub queues: Vec<QueueName>,
}

/// Gives out the chats, the most urgent first and of these the one that waits longest: to whoever held it last, else to
/// whoever holds the fewest and of these has been without a new one longest. Nobody gets more than `cap` in all. What
/// nobody can take is left out, and waits.
#[must_use]
pub fn share_out(waiting: &[Waiting], agents: &[AgentLoad], cap: usize) -> Vec<(ConversationId, PrincipalId)> {
    let mut chats: Vec<&Waiting> = waiting.iter().collect();
    chats.sort_by_key(|chat| (Reverse(chat.urgency), chat.since, &chat.conversation));
    let mut seats: Vec<Seat<'_>> = agents.iter().filter(|agent| agent.is_online).map(Seat::of).collect();
    let mut given = Vec::new();
    for chat in chats {
        let free = seats.iter_mut().filter(|seat| seat.held < cap && seat.answers_for(chat));
        let chosen = free.min_by_key(|seat| {
            let is_another = chat.held_last_by.as_ref() != Some(&seat.load.agent);
            (is_another, seat.held, seat.turn, seat.load.last_given, &seat.load.agent)
        });
        if let Some(seat) = chosen {
            seat.held += 1;
            seat.turn = given.len() + 1;
            given.push((chat.conversation.clone(), seat.load.agent.clone()));
        }
    }
    given
}

/// A person, while chats are given out.
struct Seat<'a> {
    load: &'a AgentLoad,
    held: usize,
    /// Their last chat's place among those given out now; 0: none of them.
    turn: usize,
}

impl<'a> Seat<'a> {
    fn of(load: &'a AgentLoad) -> Self {
        Self { load, held: load.held, turn: 0 }
    }

    fn answers_for(&self, chat: &Waiting) -> bool {
        self.load.queues.is_empty() || chat.queue.as_ref().is_none_or(|queue| self.load.queues.contains(queue))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chat(name: &str, urgency: Urgency, since: i64) -> Waiting {
        Waiting { conversation: name.into(), urgency, since: At(since), queue: None, held_last_by: None }
    }

    fn agent(name: &str, held: usize, last_given: i64) -> AgentLoad {
        let last_given = (last_given > 0).then_some(At(last_given));
        AgentLoad { agent: name.into(), is_online: true, held, last_given, queues: Vec::new() }
    }

    fn shared(waiting: &[Waiting], agents: &[AgentLoad], cap: usize) -> Vec<(String, String)> {
        let given = share_out(waiting, agents, cap).into_iter();
        given.map(|(chat, agent)| (chat.to_string(), agent.to_string())).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(chat, agent)| ((*chat).to_owned(), (*agent).to_owned())).collect()
    }

    #[test]
    fn the_most_urgent_and_the_oldest_go_first_to_whoever_holds_the_fewest() {
        let waiting = [
            chat("young", Urgency::Normal, 30),
            chat("old", Urgency::Normal, 10),
            chat("urgent", Urgency::High, 40),
            chat("idle", Urgency::Low, 1),
        ];
        let agents = [agent("li", 2, 5), agent("zhang", 0, 9), agent("wang", 1, 7)];
        let given = shared(&waiting, &agents, 9);
        assert_eq!(given, pairs(&[("urgent", "zhang"), ("old", "wang"), ("young", "zhang"), ("idle", "li")]));
    }

    #[test]
    fn of_equals_the_one_longest_without_a_new_chat_gets_it() {
        let waiting = [chat("a", Urgency::Normal, 1), chat("b", Urgency::Normal, 2), chat("c", Urgency::Normal, 3)];
        let agents = [agent("li", 0, 50), agent("wang", 0, 20), agent("new", 0, 0)];
        assert_eq!(shared(&waiting, &agents, 9), pairs(&[("a", "new"), ("b", "wang"), ("c", "li")]));
    }

    #[test]
    fn nobody_gets_more_than_the_cap_or_while_away() {
        let waiting = [chat("a", Urgency::Normal, 1), chat("b", Urgency::Normal, 2), chat("c", Urgency::Normal, 3)];
        let mut agents = [agent("li", 2, 1), agent("wang", 3, 1), agent("away", 0, 1)];
        agents[2].is_online = false;
        assert_eq!(shared(&waiting, &agents, 3), pairs(&[("a", "li")]));
        assert_eq!(shared(&waiting, &[], 3), []);
    }

    #[test]
    fn whoever_held_it_last_gets_it_back_if_they_can() {
        let mut waiting = [chat("a", Urgency::Normal, 1), chat("b", Urgency::Normal, 2)];
        waiting[0].held_last_by = Some("busy".into());
        waiting[1].held_last_by = Some("full".into());
        let agents = [agent("busy", 5, 9), agent("full", 8, 1), agent("free", 0, 1)];
        assert_eq!(shared(&waiting, &agents, 8), pairs(&[("a", "busy"), ("b", "free")]));
    }

    #[test]
    fn queues_are_kept_apart() {
        let mut waiting = [chat("a", Urgency::Normal, 1), chat("b", Urgency::Normal, 2), chat("c", Urgency::Normal, 3)];
        waiting[0].queue = Some("after_sales".into());
        waiting[1].queue = Some("pre_sales".into());
        // It was passed on to another queue: its last holder doesn't answer for that.
        waiting[1].held_last_by = Some("after".into());
        let mut agents = [agent("after", 0, 1), agent("all", 4, 1)];
        agents[0].queues = vec!["after_sales".into()];
        assert_eq!(shared(&waiting, &agents, 9), pairs(&[("a", "after"), ("b", "all"), ("c", "after")]));
    }

    proptest! {
        #[test]
        fn each_chat_goes_once_and_none_waits_beside_a_free_seat(
            chats in proptest::collection::vec((0_u8..3, 0_i64..50), 0..40),
            held in proptest::collection::vec((0_usize..6, any::<bool>()), 0..6),
            cap in 0_usize..6,
        ) {
            let urgencies = [Urgency::Low, Urgency::Normal, Urgency::High];
            let waiting: Vec<Waiting> = chats.iter().enumerate()
                .map(|(n, (urgency, since))| chat(&format!("c{n}"), urgencies[usize::from(*urgency)], *since)).collect();
            let agents: Vec<AgentLoad> = held.iter().enumerate()
                .map(|(n, (held, is_online))| AgentLoad { is_online: *is_online, ..agent(&format!("a{n}"), *held, 0) }).collect();
            let given = share_out(&waiting, &agents, cap);
            let seats: usize = agents.iter().filter(|a| a.is_online).map(|a| cap.saturating_sub(a.held)).sum();
            prop_assert_eq!(given.len(), seats.min(waiting.len()));
            let mut once: Vec<&ConversationId> = given.iter().map(|(chat, _)| chat).collect();
            once.sort();
            once.dedup();
            prop_assert_eq!(once.len(), given.len());
            for agent in &agents {
                let new = given.iter().filter(|(_, to)| *to == agent.agent).count();
                prop_assert!(new == 0 || agent.is_online && agent.held + new <= cap);
            }
        }
    }
}
