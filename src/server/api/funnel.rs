//! What became of suggestions: shown, used, edited, waved away.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::domain::{ConversationId, Event, Happening, ShopId, SuggestionId, TurnId};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(shown)).routes(routes!(dismiss)).routes(routes!(used))
}

/// A suggestion and the conversation it was made in; one of `/suggest` has none.
pub(super) struct Suggested {
    pub(super) text: String,
    pub(super) conversation: Option<ConversationId>,
}

impl Suggested {
    /// A suggestion's id is its turn's, a full stop and its place.
    pub(super) async fn find(service: &Service, caller: &Caller, id: &str) -> Result<Self, Problem> {
        let none = || Problem::not_found("there is no such suggestion");
        let (turn, _) = id.rsplit_once('.').ok_or_else(none)?;
        let turn = service.store.turn(&caller.shop, &TurnId::from(turn)).await?.ok_or_else(none)?;
        let found = turn.outcome.suggestions.into_iter().find(|suggestion| suggestion.id.as_str() == id);
        let mut text = found.ok_or_else(none)?.text;
        // As they saw it.
        caller.sign(service, &mut [&mut text]).await?;
        Ok(Self { text, conversation: Some(turn.input.conversation) })
    }
}

/// Levenshtein distance over the longer length, in characters: 0 is unchanged.
pub(super) fn edit_share(suggested: &str, sent: &str) -> f32 {
    let longer = suggested.chars().count().max(sent.chars().count());
    if longer == 0 {
        return 0.0;
    }
    #[allow(clippy::cast_precision_loss, reason = "lengths of chat messages")]
    let share = strsim::levenshtein(suggested, sent) as f32 / longer as f32;
    share
}

/// The suggestion an id of the funnel means. One of the stateless `/suggest` is counted without its text, which nobody
/// kept; anything that can't be an id of ours is refused.
async fn meant(service: &Service, caller: &Caller, id: &str) -> Result<Option<Suggested>, Problem> {
    match Suggested::find(service, caller, id).await {
        Ok(suggested) => Ok(Some(suggested)),
        Err(_) if is_ours(id) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// A UUID of version 7, a full stop, and a place from 1.
fn is_ours(id: &str) -> bool {
    let parts =
        id.rsplit_once('.').and_then(|(set, place)| Some((Uuid::parse_str(set).ok()?, place.parse::<u8>().ok()?)));
    parts.is_some_and(|(set, place)| set.get_version_num() == 7 && place > 0)
}

async fn note(service: &Service, caller: &Caller, id: &str, what: Happening) -> Result<StatusCode, Problem> {
    let shop = &caller.shop;
    let conversation = meant(service, caller, id).await?.and_then(|suggested| suggested.conversation);
    if let Some(conversation) = &conversation
        && was_told(service, shop, conversation, id, &what).await?
    {
        return Ok(StatusCode::NO_CONTENT);
    }
    let event = Event { at: service.clockwork.now(), what };
    service.store.append_events(shop, conversation.as_ref(), vec![event]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the same was told of the same set before: a page that is loaded anew shows it once more.
async fn was_told(
    service: &Service,
    shop: &ShopId,
    conversation: &ConversationId,
    id: &str,
    what: &Happening,
) -> Result<bool, Problem> {
    let set = id.rsplit_once('.').map_or(id, |(set, _)| set);
    let is_of_set = |one: &SuggestionId| one.as_str().rsplit_once('.').is_some_and(|(of, _)| of == set);
    let kind = match what {
        Happening::SuggestionShown { .. } => "suggestion_shown",
        _ => "suggestion_dismissed",
    };
    let events = service.store.events_of(shop, conversation, kind).await?;
    Ok(events.iter().any(|row| match (&row.event.what, what) {
        (Happening::SuggestionShown { suggestion, by }, Happening::SuggestionShown { by: now, .. }) => {
            is_of_set(suggestion) && by == now
        }
        (Happening::SuggestionDismissed { suggestion }, Happening::SuggestionDismissed { .. }) => is_of_set(suggestion),
        _ => false,
    }))
}

/// The set was on a person's screen.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/suggestions/{id}/shown", tag = "suggestions", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn shown(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let by = Some(caller.principal.clone());
    let what = Happening::SuggestionShown { suggestion: SuggestionId::from(id.as_str()), by };
    note(&service, &caller, &id, what).await
}

/// The set was waved away.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/suggestions/{id}/dismiss", tag = "suggestions", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn dismiss(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let what = Happening::SuggestionDismissed { suggestion: SuggestionId::from(id.as_str()) };
    note(&service, &caller, &id, what).await
}

/// What was sent of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Used {
    /// As it was sent.
    text: String,
}

/// How it was used.
#[derive(Serialize, ToSchema)]
struct Use {
    /// 0 is unchanged; none for a suggestion of `/suggest`, whose text isn't kept.
    edit_share: Option<f32>,
}

/// A suggestion was sent from another desk.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/suggestions/{id}/used", tag = "suggestions", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Used,
    responses((status = 200, body = Use), (status = 404, body = Problem)))]
async fn used(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(body): Json<Used>,
) -> Result<Json<Use>, Problem> {
    let suggested = meant(&service, &caller, &id).await?;
    let edit_share = suggested.as_ref().map(|suggested| edit_share(&suggested.text, &body.text));
    let what = Happening::SuggestionUsed { suggestion: SuggestionId::from(id), edit_share };
    let event = Event { at: service.clockwork.now(), what };
    let conversation = suggested.and_then(|suggested| suggested.conversation);
    service.store.append_events(&caller.shop, conversation.as_ref(), vec![event]).await?;
    Ok(Json(Use { edit_share }))
}

#[cfg(test)]
mod tests {
    use super::{edit_share, is_ours};

    #[test]
    fn ids_that_cannot_be_ours_are_told_apart() {
        let set = "01a20004-861b-73d8-bdaa-b57af7a1a66b";
        for (id, ours) in
            [(format!("{set}.1"), true), (format!("{set}.0"), false), (set.to_owned(), false), ("x.1".into(), false)]
        {
            assert_eq!(is_ours(&id), ours, "{id}");
        }
    }

    #[test]
    fn the_share_of_what_was_changed() {
        for (suggested, sent, share) in
            [("您好", "您好", 0.0), ("您好", "您好呀", 1.0 / 3.0), ("", "", 0.0), ("a", "", 1.0)]
        {
            assert!((edit_share(suggested, sent) - share).abs() < 1e-6, "{suggested} {sent}");
        }
    }
}
