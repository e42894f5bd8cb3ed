//! The images that are named.
//!
//! In: what a target and modules say. Out: references that builders take, and what is known of the one
//! to begin from; or who names one that is none.

use super::contributor::Contributor;
use crate::assembly::Request;
use crate::error::Error;
use crate::image::{Base, Reference, known};

/// The image to begin from, and what is known of it.
pub(super) fn base(request: &Request, target: &Contributor) -> Result<(String, Base), Error> {
    let Some(base) = &request.target.baseimage else {
        let advice = "write `baseimage: IMAGE` in a target, or --baseimage IMAGE";
        return Err(target.cannot("there is no image to begin from", advice));
    };
    let reference = match &base[..] {
        "scratch" => None,
        _ => Some(check_image(target, base)?),
    };
    Ok((base.clone(), known(reference.as_ref())))
}

/// The image that somebody names to copy from.
pub(super) fn check_image(who: &Contributor, image: &str) -> Result<Reference, Error> {
    if image == "scratch" {
        let what = "its image is scratch, which has no files";
        return Err(who.cannot(what, "name the image that has its artifacts"));
    }
    image.parse().map_err(|why| {
        let what = format!("{image:?} is no reference of an image: {why}");
        who.cannot(what, "write NAME, NAME:TAG or NAME@sha256:DIGEST")
    })
}
