//! Standard Webhooks 1.0.0: HMAC-SHA256 over `{id}.{timestamp}.{raw body}`, both ways; and the proof that bytes are
//! signed.
//!
//! No error, no `Debug` and no log line here holds a secret or a signature.

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::HeaderMap;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::RawRequest;
use crate::domain::{At, MINUTE};

/// How far a delivery's timestamp may lie from our clock, either way, in milliseconds.
pub const TOLERANCE: i64 = 5 * MINUTE;

pub(super) const ID: &str = "webhook-id";
pub(super) const TIMESTAMP: &str = "webhook-timestamp";
pub(super) const SIGNATURE: &str = "webhook-signature";

const PREFIX: &str = "whsec_";
const LONGEST_ID: usize = 256;

/// Standard alphabet; secrets are seen with and without their padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes whose sender is proven. Nothing outside this file can make one, and nothing here does without a comparison
/// that succeeded.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'a> {
    body: &'a [u8],
    signed_id: &'a str,
}

impl<'a> Verified<'a> {
    /// The bytes that were signed.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// What else the signature vouches for: the delivery's id, or the customer a ticket was given to.
    #[must_use]
    pub fn signed_id(&self) -> &'a str {
        self.signed_id
    }
}

/// Why a delivery is not believed. Each is a 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A header that signs is not there.
    #[error("the header {0} is missing")]
    MissingHeader(&'static str),
    /// It is empty, too long, not plain ASCII, or there twice.
    #[error("the header {0} cannot be read")]
    BadHeader(&'static str),
    /// Not whole seconds since 1970.
    #[error("the timestamp is not a number of seconds")]
    BadTimestamp,
    /// More than the tolerance ago: a replay, or a clock that is behind.
    #[error("the timestamp is too old")]
    TooOld,
    /// More than the tolerance ahead: a clock that is fast.
    #[error("the timestamp lies in the future")]
    TooNew,
    /// No signature of a version we know fits any of the secrets.
    #[error("no signature matches")]
    NoMatch,
}

/// Why a secret can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It doesn't begin like one.
    #[error("a signing secret begins with `whsec_`")]
    Prefix,
    /// The rest isn't base64.
    #[error("after `whsec_` a signing secret is base64")]
    NotBase64,
    /// Too few bytes to be safe, or more than the standard allows.
    #[error("a signing secret is 24 to 64 bytes before base64; this one is {bytes}")]
    Length {
        /// How many it has.
        bytes: usize,
    },
    /// A channel without any.
    #[error("a signed channel needs at least one secret")]
    None,
}

/// A signing secret. It can sign and compare; it cannot be read or printed.
#[derive(Clone)]
pub struct SigningSecret(Hmac<Sha256>);

impl SigningSecret {
    /// Reads `whsec_` and base64. Blanks around it, such as a file's last line break, don't count.
    ///
    /// # Errors
    /// It isn't that, or isn't of 24 to 64 bytes.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let encoded = text.trim().strip_prefix(PREFIX).ok_or(SecretError::Prefix)?;
        Self::from_bytes(&BASE64.decode(encoded).map_err(|_| SecretError::NotBase64)?)
    }

    /// Takes the bytes themselves.
    ///
    /// # Errors
    /// There are fewer than 24 or more than 64.
    pub fn from_bytes(key: &[u8]) -> Result<Self, SecretError> {
        let length = SecretError::Length { bytes: key.len() };
        if !(24..=64).contains(&key.len()) {
            return Err(length);
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| length)
    }

    fn code(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// The secrets in force. While one is being changed there are two: either is believed, and what we send is signed with
/// both.
#[derive(Clone, Debug)]
pub struct Secrets(Vec<SigningSecret>);

impl Secrets {
    /// # Errors
    /// There is none.
    pub fn new(secrets: Vec<SigningSecret>) -> Result<Self, SecretError> {
        if secrets.is_empty() { Err(SecretError::None) } else { Ok(Self(secrets)) }
    }

    /// The value of `webhook-signature`: one `v1` a secret. `timestamp` is in seconds.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let timestamp = timestamp.to_string();
        let signed = signed_parts(id, &timestamp, body);
        let signatures: Vec<_> =
            self.0.iter().map(|secret| format!("v1,{}", BASE64.encode(secret.code(&signed)))).collect();
        signatures.join(" ")
    }

    /// Proves a delivery: the three headers against the raw body.
    ///
    /// # Errors
    /// It isn't signed with one of the secrets, or not within [`TOLERANCE`] of `now`.
    pub fn verify<'a>(&self, headers: &'a HeaderMap, body: &'a [u8], now: At) -> Result<Verified<'a>, SignatureError> {
        let id = header(headers, ID, LONGEST_ID)?;
        let timestamp = header(headers, TIMESTAMP, 12)?;
        let given = header(headers, SIGNATURE, usize::MAX)?;
        check_age(timestamp, now)?;
        let given = decode_v1(given);
        let signed = signed_parts(id, timestamp, body);
        // Every pair is compared to its end, so that the time taken tells nothing of which one was close.
        let found = self.0.iter().map(|secret| secret.code(&signed)).fold(Choice::from(0), |found, code| {
            given.iter().fold(found, |found, signature| found | signature.ct_eq(&code))
        });
        if bool::from(found) { Ok(Verified { body, signed_id: id }) } else { Err(SignatureError::NoMatch) }
    }
}

/// A ticket of ours: `{holder}.{issued, ms}.{code}`. Whoever shows it is the holder, in the `scope` it was made for.
pub(super) fn issue_ticket(secret: &SigningSecret, scope: &str, holder: &str, issued: At) -> String {
    let claim = format!("{holder}.{}", issued.0);
    format!("{claim}.{}", hex::encode(secret.code(&[b"ticket\n", scope.as_bytes(), b"\n", claim.as_bytes()])))
}

/// Proves that a request comes with a ticket of ours, in the header `name`, no older than `life` milliseconds.
pub(super) fn verify_ticket<'a>(
    secret: &SigningSecret,
    scope: &str,
    life: i64,
    name: &'static str,
    request: &RawRequest<'a>,
    now: At,
) -> Result<Verified<'a>, SignatureError> {
    let ticket = header(request.headers, name, 2 * LONGEST_ID)?;
    let (claim, code) = ticket.rsplit_once('.').ok_or(SignatureError::NoMatch)?;
    let (holder, issued) = claim.rsplit_once('.').ok_or(SignatureError::NoMatch)?;
    let code = hex::decode(code).map_err(|_| SignatureError::NoMatch)?;
    let ours = secret.code(&[b"ticket\n", scope.as_bytes(), b"\n", claim.as_bytes()]);
    if !bool::from(code.ct_eq(&ours)) {
        return Err(SignatureError::NoMatch);
    }
    let issued: i64 = issued.parse().map_err(|_| SignatureError::BadTimestamp)?;
    if now.since(At(issued)) > life {
        return Err(SignatureError::TooOld);
    }
    Ok(Verified { body: request.body, signed_id: holder })
}

fn signed_parts<'a>(id: &'a str, timestamp: &'a str, body: &'a [u8]) -> [&'a [u8]; 5] {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body]
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str, longest: usize) -> Result<&'a str, SignatureError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(SignatureError::MissingHeader(name))?;
    let text = value.to_str().map_err(|_| SignatureError::BadHeader(name))?;
    // Two values of one header: a proxy and we might each believe another one.
    if values.next().is_some() || text.is_empty() || text.len() > longest {
        return Err(SignatureError::BadHeader(name));
    }
    Ok(text)
}

/// Digits alone: `str::parse` would also take a sign, and what is signed must have one spelling.
fn check_age(timestamp: &str, now: At) -> Result<(), SignatureError> {
    if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SignatureError::BadTimestamp);
    }
    let seconds: i64 = timestamp.parse().map_err(|_| SignatureError::BadTimestamp)?;
    let age = now.0.div_euclid(1000) - seconds;
    match age {
        _ if age > TOLERANCE / 1000 => Err(SignatureError::TooOld),
        _ if age < -TOLERANCE / 1000 => Err(SignatureError::TooNew),
        _ => Ok(()),
    }
}

/// The list may hold other versions (`v1a` is asymmetric) and, while a secret changes, several of ours.
fn decode_v1(list: &str) -> Vec<Vec<u8>> {
    let encoded = list.split(' ').filter_map(|entry| entry.strip_prefix("v1,"));
    encoded.filter_map(|signature| BASE64.decode(signature).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // The example of the Standard Webhooks specification.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const MESSAGE: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const SENT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const EXAMPLE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn secrets(texts: &[&str]) -> Secrets {
        Secrets::new(texts.iter().map(|text| SigningSecret::parse(text).unwrap()).collect()).unwrap()
    }

    fn headers(id: &str, timestamp: &str, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)] {
            if value != "-" {
                headers.insert(name, value.parse().unwrap());
            }
        }
        headers
    }

    fn at(seconds: i64) -> At {
        At(seconds * 1000)
    }

    fn other_secret() -> String {
        format!("{PREFIX}{}", BASE64.encode([7_u8; 32]))
    }

    #[test]
    fn signs_the_example_of_the_specification() {
        assert_eq!(secrets(&[SECRET]).sign(MESSAGE, SENT, BODY), EXAMPLE);
    }

    #[test]
    fn believes_what_is_signed_with_any_secret_in_force() {
        let both = secrets(&[&other_secret(), SECRET]);
        let after_other_versions = format!("v1a,bm9uc2Vuc2U= v1,bm9uc2Vuc2U= v2,x {EXAMPLE}");
        for signature in [EXAMPLE, &after_other_versions, &both.sign(MESSAGE, SENT, BODY)] {
            let headers = headers(MESSAGE, "1614265330", signature);
            let verified = both.verify(&headers, BODY, at(SENT + 10)).unwrap();
            assert_eq!((verified.body(), verified.signed_id()), (BODY, MESSAGE));
        }
        assert_eq!(both.sign(MESSAGE, SENT, BODY).split(' ').count(), 2);
    }

    #[test]
    fn refuses_each_mistake_by_its_name() {
        use SignatureError::{BadHeader, BadTimestamp, MissingHeader, NoMatch, TooNew, TooOld};
        let long = "m".repeat(257);
        let unversioned = EXAMPLE.trim_start_matches("v1,");
        let short = "v1,g0hM9SsE";
        for (id, timestamp, signature, now, expected) in [
            ("-", "1614265330", EXAMPLE, SENT, MissingHeader(ID)),
            (MESSAGE, "-", EXAMPLE, SENT, MissingHeader(TIMESTAMP)),
            (MESSAGE, "1614265330", "-", SENT, MissingHeader(SIGNATURE)),
            ("", "1614265330", EXAMPLE, SENT, BadHeader(ID)),
            (&long, "1614265330", EXAMPLE, SENT, BadHeader(ID)),
            ("消息", "1614265330", EXAMPLE, SENT, BadHeader(ID)),
            (MESSAGE, "", EXAMPLE, SENT, BadHeader(TIMESTAMP)),
            (MESSAGE, "16142653300000", EXAMPLE, SENT, BadHeader(TIMESTAMP)),
            (MESSAGE, "yesterday", EXAMPLE, SENT, BadTimestamp),
            (MESSAGE, "+1614265330", EXAMPLE, SENT, BadTimestamp),
            (MESSAGE, "1614265330.0", EXAMPLE, SENT, BadTimestamp),
            (MESSAGE, "1614265330", EXAMPLE, SENT + 301, TooOld),
            (MESSAGE, "1614265330", EXAMPLE, SENT - 301, TooNew),
            (MESSAGE, "1614265331", EXAMPLE, SENT, NoMatch),
            ("msg_other", "1614265330", EXAMPLE, SENT, NoMatch),
            (MESSAGE, "1614265330", unversioned, SENT, NoMatch),
            (MESSAGE, "1614265330", short, SENT, NoMatch),
            (MESSAGE, "1614265330", "v1,", SENT, NoMatch),
            (MESSAGE, "1614265330", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", SENT, NoMatch),
        ] {
            let headers = headers(id, timestamp, signature);
            let refused = secrets(&[SECRET]).verify(&headers, BODY, at(now)).unwrap_err();
            assert_eq!(refused, expected, "{id} {timestamp} {signature} at {now}");
        }
        let headers = headers(MESSAGE, "1614265330", EXAMPLE);
        assert_eq!(secrets(&[&other_secret()]).verify(&headers, BODY, at(SENT)).unwrap_err(), NoMatch);
    }

    #[test]
    fn five_minutes_either_way_are_borne() {
        for now in [SENT - 300, SENT + 300] {
            assert!(secrets(&[SECRET]).verify(&headers(MESSAGE, "1614265330", EXAMPLE), BODY, at(now)).is_ok());
        }
    }

    #[test]
    fn a_header_given_twice_is_not_chosen_from() {
        let mut twice = headers(MESSAGE, "1614265330", EXAMPLE);
        twice.append(ID, "msg_other".parse().unwrap());
        let refused = secrets(&[SECRET]).verify(&twice, BODY, at(SENT)).unwrap_err();
        assert_eq!(refused, SignatureError::BadHeader(ID));
    }

    #[test]
    fn a_secret_says_what_is_wrong_with_it_and_nothing_of_itself() {
        let of = |bytes: usize| format!("{PREFIX}{}", BASE64.encode(vec![1_u8; bytes]));
        assert!(SigningSecret::parse(&of(24)).is_ok());
        assert!(SigningSecret::parse(&format!("{}\n", of(64))).is_ok());
        assert!(SigningSecret::parse(of(32).trim_end_matches('=')).is_ok());
        for (text, expected) in [
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(), SecretError::Prefix),
            ("whsec_不是".to_owned(), SecretError::NotBase64),
            (of(23), SecretError::Length { bytes: 23 }),
            (of(65), SecretError::Length { bytes: 65 }),
            (PREFIX.to_owned(), SecretError::Length { bytes: 0 }),
        ] {
            assert_eq!(SigningSecret::parse(&text).unwrap_err(), expected);
        }
        assert_eq!(Secrets::new(Vec::new()).unwrap_err(), SecretError::None);
        assert_eq!(format!("{:?}", secrets(&[SECRET])), "Secrets([SigningSecret(…)])");
    }

    proptest! {
        #[test]
        fn what_we_sign_we_believe(id in "[!-~]{1,64}", body in proptest::collection::vec(any::<u8>(), 0..512)) {
            let secrets = secrets(&[SECRET]);
            let headers = headers(&format!("m{id}"), "1614265330", &secrets.sign(&format!("m{id}"), SENT, &body));
            prop_assert!(secrets.verify(&headers, &body, at(SENT)).is_ok());
        }

        #[test]
        fn one_flipped_bit_is_enough(
            mut body in proptest::collection::vec(any::<u8>(), 1..512),
            place in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let secrets = secrets(&[SECRET]);
            let headers = headers(MESSAGE, "1614265330", &secrets.sign(MESSAGE, SENT, &body));
            let place = place.index(body.len());
            body[place] ^= 1 << bit;
            prop_assert_eq!(secrets.verify(&headers, &body, at(SENT)).unwrap_err(), SignatureError::NoMatch);
        }
    }
}
