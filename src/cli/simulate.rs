//! stub
use std::process::ExitCode;
/// x
#[derive(clap::Args, Debug)]
pub(super) struct Simulate {}
impl Simulate {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        Ok(ExitCode::SUCCESS)
    }
}
