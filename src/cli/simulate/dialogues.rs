//! Recorded dialogues, read from a table: each a list of bursts, with what the agent answered.

use std::collections::HashMap;

use anyhow::{Context as _, ensure};

/// One recorded conversation.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) struct Dialogue {
    /// Its number in the table.
    pub(in crate::cli) id: String,
    /// In order.
    pub(in crate::cli) bursts: Vec<Burst>,
}

/// What a customer wrote before somebody answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::cli) struct Burst {
    /// The number of its last row.
    pub(in crate::cli) turn: String,
    /// The messages; there is at least one.
    pub(in crate::cli) said: Vec<String>,
    /// What the agent answered; nothing at a dialogue's end.
    pub(in crate::cli) agent: Option<String>,
}

/// Which dialogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Part {
    /// All of them.
    All,
    /// Those whose number is divisible by 5.
    Test,
    /// The others.
    Rest,
}

impl Part {
    fn has(self, dialogue: &str) -> bool {
        let test = dialogue.parse::<u64>().is_ok_and(|number| number.is_multiple_of(5));
        match self {
            Self::All => true,
            Self::Test => test,
            Self::Rest => !test,
        }
    }
}

/// Reads the table, in the order of the first row of each dialogue.
pub(in crate::cli) fn read(table: &str, part: Part) -> anyhow::Result<Vec<Dialogue>> {
    let mut lines = table.trim_start_matches('\u{feff}').lines();
    let heads: Vec<&str> = lines.next().context("the file is empty")?.split('\t').map(str::trim).collect();
    let column = |name: &str| {
        let found = heads.iter().position(|head| *head == name);
        found.with_context(|| format!("the first line names no column `{name}`; there are: {}", heads.join(", ")))
    };
    let columns = [column("dialog")?, column("turn")?, column("customer")?, column("agent")?];
    let mut dialogues: Vec<(Dialogue, Burst)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (number, line) in lines.enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        ensure!(cells.len() == heads.len(), "line {}: {} columns, not {}", number + 2, cells.len(), heads.len());
        let [dialog, turn, customer, agent] = columns.map(|at| cells[at].trim());
        if !part.has(dialog) {
            continue;
        }
        let place = *places.entry(dialog.to_owned()).or_insert_with(|| {
            dialogues.push((Dialogue { id: dialog.to_owned(), bursts: Vec::new() }, Burst::default()));
            dialogues.len() - 1
        });
        let (dialogue, open) = &mut dialogues[place];
        add(dialogue, open, turn, customer, agent);
    }
    let closed = dialogues.into_iter().map(|(mut dialogue, open)| {
        if !open.said.is_empty() {
            dialogue.bursts.push(open);
        }
        dialogue
    });
    Ok(closed.filter(|dialogue| !dialogue.bursts.is_empty()).collect())
}

/// A row with an agent's words ends the burst; one without a customer's words is only the agent's.
fn add(dialogue: &mut Dialogue, open: &mut Burst, turn: &str, customer: &str, agent: &str) {
    if !customer.is_empty() {
        open.said.push(customer.to_owned());
        turn.clone_into(&mut open.turn);
    }
    if !agent.is_empty() && !open.said.is_empty() {
        open.agent = Some(agent.to_owned());
        dialogue.bursts.push(std::mem::take(open));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "dialog\tturn\tact\tcustomer\tagent\n\
                         4\t0\tx\t在吗\t\n4\t1\tx\t怎么退货\t您好，请稍等\n4\t2\tx\t好的\t\n\
                         5\t0\tx\t包邮吗\t包邮的\n4\t3\tx\t\t还有什么问题吗\n";

    fn said(dialogue: &Dialogue) -> Vec<String> {
        let shown = dialogue.bursts.iter().map(|burst| {
            format!("{} {} → {}", burst.turn, burst.said.join("/"), burst.agent.as_deref().unwrap_or("-"))
        });
        shown.collect()
    }

    #[test]
    fn rows_without_an_answer_join_the_next() {
        let read = read(TABLE, Part::All).unwrap();
        assert_eq!(read.iter().map(|dialogue| dialogue.id.as_str()).collect::<Vec<_>>(), ["4", "5"]);
        assert_eq!(said(&read[0]), ["1 在吗/怎么退货 → 您好，请稍等", "2 好的 → 还有什么问题吗"]);
        assert_eq!(said(&read[1]), ["0 包邮吗 → 包邮的"]);
    }

    #[test]
    fn the_test_part_is_every_fifth() {
        let ids = |part| read(TABLE, part).unwrap().into_iter().map(|dialogue| dialogue.id).collect::<Vec<_>>();
        assert_eq!(ids(Part::Test), ["5"]);
        assert_eq!(ids(Part::Rest), ["4"]);
    }

    #[test]
    fn a_broken_table_says_where() {
        let error = |table: &str| read(table, Part::All).unwrap_err().to_string();
        assert_eq!(error("dialog\tturn\tcustomer\tagent\n1\t0\t在吗\n"), "line 2: 3 columns, not 4");
        assert!(error("dialog\tturn\ttext\n").contains("names no column `customer`; there are: dialog, turn, text"));
    }
}
