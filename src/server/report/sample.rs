//! The weekly sample: answers of the bot's for people to judge, and the cases that come of it.

use axum::Json;
use axum::extract::{Query as UrlQuery, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::wanted::beside;
use super::words::{Because, Words};
use crate::domain::{Event, Happening, IntentId, Role, TurnId, Verdict};
use crate::playbook::amend::{Amendment, Line};
use crate::report::{Answer, Rate, RateView, SAMPLE, Sample, Week};
use crate::store::StoreError;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(sample)).routes(routes!(judge)).routes(routes!(cases))
}

/// So many weeks are offered.
const WEEKS: usize = 12;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// 2026-W47; the last whole week without it, or this one if there was none before.
    week: Option<String>,
}

/// A week's sample.
#[derive(Serialize, ToSchema)]
struct SampleView {
    week: String,
    /// Weeks that can be asked for, the latest first.
    weeks: Vec<String>,
    /// Whether the week is over: until then the sample still changes.
    whole: bool,
    /// How many are drawn at most.
    size: usize,
    /// How many answers there were.
    population: usize,
    /// How many of the sample are judged.
    judged: u32,
    /// The share that is right.
    right: RateView,
    /// In the order of drawing.
    answers: Vec<AnswerView>,
}

/// An answer of the bot's.
#[derive(Serialize, ToSchema)]
struct AnswerView {
    episode: String,
    turn: String,
    conversation: String,
    at: i64,
    question: Vec<String>,
    answer: String,
    intents: Vec<String>,
    scripts: Vec<String>,
    because: Vec<Because>,
    /// right or wrong.
    #[schema(value_type = Option<String>)]
    verdict: Option<Verdict>,
    /// What should have been answered.
    should: Option<String>,
}

/// An answer with what was said of it.
struct Found {
    answer: Answer,
    words: Words,
    should: Option<IntentId>,
}

/// Which week, what was drawn of it, and the words.
struct Drawn {
    week: Week,
    weeks: Vec<Week>,
    whole: bool,
    population: usize,
    found: Vec<Found>,
}

async fn drawn(service: &Service, caller: &Caller, week: Option<&str>) -> Result<Drawn, Problem> {
    caller.must_be(Role::Lead)?;
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let zone = shop.engine().playbook.settings.time_zone.clone();
    let now = service.clockwork.now();
    let this = Week::of(now, &zone);
    let first = service.store.first_tally(&caller.shop).await?.map_or(this, |at| Week::of(at, &zone));
    let weeks = std::iter::successors(Some(this), |week| Some(week.before()));
    let weeks: Vec<Week> = weeks.take_while(|week| *week >= first).take(WEEKS).collect();
    let week = match week {
        Some(text) => Week::parse(text).ok_or_else(|| Problem::bad_request("write `week` as 2026-W47"))?,
        None => weeks.get(1).copied().unwrap_or(this),
    };
    let shelf = service.cabinet.open(&caller.shop, week.period(&zone).0, now).await?;
    let Sample { population, answers } = beside(move || Sample::draw(&shelf, week, &zone)).await?;
    let mut found = Vec::with_capacity(answers.len());
    for answer in answers {
        let place = (&answer.conversation, answer.seq);
        let Some(words) = Words::find(&service.store, &caller.shop, place, caller.outsourced).await? else { continue };
        let should = match answer.verdict {
            Some(Verdict::Wrong) => should(service, caller, &words).await?,
            _ => None,
        };
        found.push(Found { answer, words, should });
    }
    Ok(Drawn { week, weeks, whole: week < this, population, found })
}

/// What the last judgement said should have been answered.
async fn should(service: &Service, caller: &Caller, words: &Words) -> Result<Option<IntentId>, StoreError> {
    let turn = &words.turn.input;
    let judged = service.store.events_of(&caller.shop, &turn.conversation, "judged").await?;
    let last = judged.into_iter().rev().find_map(|row| match row.event.what {
        Happening::Judged { turn: of, should, .. } if of == turn.id => Some(should),
        _ => None,
    });
    Ok(last.flatten())
}

/// The answers of a week that are to be judged: drawn at random, and alike for everyone.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/report/sample", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Of),
    responses((status = 200, body = SampleView), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn sample(
    State(service): State<Service>,
    caller: Caller,
    UrlQuery(Of { week }): UrlQuery<Of>,
) -> Result<Json<SampleView>, Problem> {
    let drawn = drawn(&service, &caller, week.as_deref()).await?;
    let count = |verdict: Verdict| {
        let judged = drawn.found.iter().filter(|found| found.answer.verdict == Some(verdict));
        u32::try_from(judged.count()).unwrap_or(u32::MAX)
    };
    let (numerator, wrong) = (count(Verdict::Right), count(Verdict::Wrong));
    let denominator = numerator + wrong;
    let right = RateView::counted(Rate::Right, numerator, denominator);
    Ok(Json(SampleView {
        week: drawn.week.to_string(),
        weeks: drawn.weeks.iter().map(ToString::to_string).collect(),
        whole: drawn.whole,
        size: SAMPLE,
        population: drawn.population,
        judged: denominator,
        right,
        answers: drawn.found.into_iter().map(view).collect(),
    }))
}

fn view(found: Found) -> AnswerView {
    let Found { answer, words, should } = found;
    AnswerView {
        episode: answer.episode.to_string(),
        turn: words.turn.input.id.to_string(),
        conversation: answer.conversation.to_string(),
        at: answer.at.0,
        intents: words.intents(),
        scripts: words.scripts(),
        because: words.because(),
        question: words.said,
        answer: words.answer.unwrap_or_default(),
        verdict: answer.verdict,
        should: should.map(|intent| intent.to_string()),
    }
}

/// A judgement.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Judgement {
    turn: String,
    /// right or wrong.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// The intent that should have been answered.
    #[serde(default)]
    should: Option<String>,
}

/// Judges an answer of the bot's; the last judgement counts, and all are kept.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/report/judge", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = Judgement,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn judge(
    State(service): State<Service>,
    caller: Caller,
    Json(Judgement { turn, verdict, should }): Json<Judgement>,
) -> Result<StatusCode, Problem> {
    caller.must_be(Role::Lead)?;
    let should = should.filter(|_| verdict == Verdict::Wrong).map(IntentId::from);
    if let Some(intent) = &should {
        let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
        if !shop.engine().playbook.intents.contains_key(intent) {
            return Err(Problem::bad_request("`should` is no intent of this shop"));
        }
    }
    let turn = TurnId::from(turn);
    let none = || Problem::not_found("there is no such turn");
    let episode = service.store.episode_of_turn(&caller.shop, &turn).await?.ok_or_else(none)?;
    let what = Happening::Judged { turn, verdict, should, by: caller.principal.clone() };
    let event = Event { at: service.clockwork.now(), what };
    match service.store.remark(&caller.shop, &episode, vec![event]).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(none()),
    }
}

/// Cases that judgements make.
#[derive(Serialize, ToSchema)]
struct Cases {
    cases: Vec<Case>,
}

/// A case for the playbook.
#[derive(Serialize, ToSchema)]
struct Case {
    /// Of which turn.
    turn: String,
    /// The customer's words.
    line: String,
    /// As `POST /playbook/amend` takes them.
    #[schema(value_type = Vec<Object>)]
    amendments: Vec<Amendment>,
}

/// What a week's judgements would add to the playbook as cases: a right answer holds what was understood, a wrong one
/// says what it is not, and what it should have been.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/report/sample/cases", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Of),
    responses((status = 200, body = Cases), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn cases(
    State(service): State<Service>,
    caller: Caller,
    UrlQuery(Of { week }): UrlQuery<Of>,
) -> Result<Json<Cases>, Problem> {
    let drawn = drawn(&service, &caller, week.as_deref()).await?;
    Ok(Json(Cases { cases: drawn.found.iter().filter_map(case).collect() }))
}

fn case(found: &Found) -> Option<Case> {
    let line = found.words.line()?;
    let of = |intent: IntentId| Line { intent, language: None, line: line.clone() };
    let understood = || found.words.intents().into_iter().map(IntentId::from);
    let amendments: Vec<Amendment> = match found.answer.verdict? {
        Verdict::Right => understood().map(|intent| Amendment::ShouldMatch(of(intent))).collect(),
        Verdict::Wrong => {
            let meant = found.should.clone();
            let isn_t = understood().filter(|intent| Some(intent) != meant.as_ref());
            let not = isn_t.map(|intent| Amendment::ShouldNotMatch(of(intent)));
            not.chain(meant.clone().map(|intent| Amendment::ShouldMatch(of(intent)))).collect()
        }
    };
    let turn = found.words.turn.input.id.to_string();
    (!amendments.is_empty()).then_some(Case { turn, line, amendments })
}
