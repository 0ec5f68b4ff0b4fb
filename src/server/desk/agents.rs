//! Who works in a person's shops, and who of them is there.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::Service;
use super::session::Person;
use crate::store::{Presence, StoreError};

/// Somebody who works in one of my shops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct AgentView {
    id: String,
    name: String,
    /// online, busy, away or offline.
    state: &'static str,
    /// How many chats they hold, over all shops.
    held: i64,
    shops: Vec<String>,
}

/// The people of my shops who sat at the desk at some time.
pub(super) async fn agents(service: &Service, person: &Person) -> Result<Vec<AgentView>, StoreError> {
    let presences = service.store.presences(service.clockwork.now()).await?;
    let held = service.store.held_chats().await?;
    let mut agents: Vec<AgentView> = Vec::new();
    for place in &person.places {
        for member in service.store.members(&place.shop).await?.into_iter().filter(|member| !member.person.disabled) {
            let id = member.person.id;
            if let Some(known) = agents.iter_mut().find(|agent| agent.id == id.as_str()) {
                known.shops.push(place.shop.to_string());
                continue;
            }
            let presence = presences.iter().find(|row| row.person == id).map_or(Presence::Offline, |row| row.presence);
            agents.push(AgentView {
                held: held.iter().find(|(holder, _)| *holder == id).map_or(0, |(_, n)| *n),
                id: id.to_string(),
                name: member.person.name,
                state: presence.key(),
                shops: vec![place.shop.to_string()],
            });
        }
    }
    Ok(agents)
}
