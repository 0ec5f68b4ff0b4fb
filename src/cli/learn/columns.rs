//! Which column of a transcript holds what, and who wrote a message: names in Chinese and English.

use crate::domain::Language;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Chat,
    Role,
    Text,
    Time,
    /// The customer's words of a turn, or the customer's name.
    Customer,
    /// The agent's words of a turn, or the agent's name.
    Agent,
    /// The agent's name.
    AgentName,
}

const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Chat,
        &[
            "会话",
            "会话id",
            "会话编号",
            "会话号",
            "对话",
            "对话id",
            "对话编号",
            "聊天id",
            "conversation",
            "conversation_id",
            "conversation id",
            "chat",
            "chat_id",
            "chat id",
            "dialog",
            "dialogue",
            "dialog_id",
            "dialogue_id",
            "session",
            "session_id",
            "sessionid",
            "thread",
            "thread_id",
            "ticket",
            "ticket_id",
        ],
    ),
    (
        Column::Role,
        &[
            "角色",
            "发送方",
            "发送者",
            "发送人",
            "说话人",
            "身份",
            "消息来源",
            "发送方类型",
            "role",
            "from",
            "sender",
            "who",
            "speaker",
            "author",
            "sender_type",
            "author_type",
            "direction",
        ],
    ),
    (
        Column::Text,
        &[
            "内容",
            "消息",
            "消息内容",
            "聊天内容",
            "文本",
            "对话内容",
            "text",
            "message",
            "content",
            "body",
            "utterance",
            "messages",
        ],
    ),
    (
        Column::Time,
        &[
            "时间",
            "发送时间",
            "消息时间",
            "聊天时间",
            "日期时间",
            "time",
            "timestamp",
            "date",
            "created_at",
            "sent_at",
            "created",
        ],
    ),
    (
        Column::Customer,
        &[
            "买家",
            "顾客",
            "客户",
            "用户",
            "访客",
            "问",
            "问题",
            "提问",
            "买家昵称",
            "客户昵称",
            "顾客昵称",
            "买家旺旺",
            "customer",
            "buyer",
            "user",
            "question",
            "client",
            "visitor",
        ],
    ),
    (
        Column::Agent,
        &["客服", "答", "回答", "回复", "客服回复", "agent", "answer", "reply", "response", "seller", "support"],
    ),
    (
        Column::AgentName,
        &[
            "客服昵称",
            "客服姓名",
            "客服名称",
            "接待客服",
            "客服账号",
            "子账号",
            "agent_name",
            "agent name",
            "operator",
            "agent_id",
        ],
    ),
];

/// The column of a header's cell.
pub(super) fn named(cell: &str) -> Option<Column> {
    let name = cell.trim().trim_start_matches('\u{feff}').trim_matches(['*', ':', '：']).trim().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(column, _)| *column)
}

/// Where each column stands; the first of a name counts.
pub(super) struct Columns {
    places: Vec<Option<Column>>,
}

/// How a table is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A row is a message.
    Messages,
    /// A row is what a customer said, and what was replied.
    Turns,
}

impl Columns {
    pub(super) fn of(header: &[String]) -> Self {
        let mut places: Vec<Option<Column>> = Vec::new();
        for cell in header {
            places.push(named(cell).filter(|column| !places.contains(&Some(*column))));
        }
        Self { places }
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.places.contains(&Some(column))
    }

    /// A row's cell; empty if there is none.
    pub(super) fn cell<'r>(&self, cells: &'r [String], column: Column) -> &'r str {
        let place = self.places.iter().position(|known| *known == Some(column));
        place.and_then(|place| cells.get(place)).map(String::as_str).unwrap_or_default().trim()
    }

    /// How the table is laid out; else what is missing.
    pub(super) fn layout(&self, language: Language) -> Result<Layout, String> {
        let zh = language == Language::Zh;
        if self.has(Column::Text) && self.has(Column::Role) {
            let has_chat = self.has(Column::Chat) || self.has(Column::Customer);
            return if has_chat {
                Ok(Layout::Messages)
            } else if zh {
                Err("第一行没有说明是哪次会话的列：加一列“会话”".to_owned())
            } else {
                Err("no column says which chat a message belongs to: name one `conversation`".to_owned())
            };
        }
        if self.has(Column::Customer) && self.has(Column::Agent) {
            return Ok(Layout::Turns);
        }
        Err(if zh {
            "第一行要有列名：一行一条消息写 会话、角色、内容（可加 时间、客服昵称）；一行一问一答写 会话、顾客、客服"
                .to_owned()
        } else {
            "the first line must name the columns: conversation, role, text (and time, agent_name) for one message a line; \
             conversation, customer, agent for one turn a line"
                .to_owned()
        })
    }
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Customer,
    Agent,
    /// A robot, or the platform itself: nobody's words.
    Machine,
}

const ROLES: &[(Role, &[&str])] = &[
    (Role::Machine, &["机器人", "系统", "自动", "智能", "bot", "robot", "system", "auto", "notification"]),
    (
        Role::Customer,
        &[
            "顾客", "客户", "买家", "用户", "访客", "客人", "customer", "buyer", "user", "client", "visitor", "guest",
            "incoming",
        ],
    ),
    (
        Role::Agent,
        &[
            "客服", "商家", "卖家", "坐席", "店铺", "店家", "人工", "掌柜", "agent", "seller", "staff", "operator",
            "support", "shop", "merchant", "human", "admin", "outgoing",
        ],
    ),
];

/// The role that a cell names. 千牛 writes an agent as `shop:name`.
pub(super) fn role(cell: &str) -> Option<Role> {
    let said = cell.trim().to_lowercase();
    match said.as_str() {
        "c" | "q" | "in" | "问" => return Some(Role::Customer),
        "a" | "s" | "out" | "答" => return Some(Role::Agent),
        _ => {}
    }
    let found = ROLES.iter().find(|(_, words)| words.iter().any(|word| said.contains(word))).map(|(role, _)| *role);
    found.or_else(|| said.contains([':', '：']).then_some(Role::Agent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(header: &str) -> Result<Layout, String> {
        let cells: Vec<String> = header.split(',').map(str::to_owned).collect();
        Columns::of(&cells).layout(Language::En)
    }

    #[test]
    fn tables_are_known_by_their_names() {
        for (header, wanted) in [
            ("会话,时间,角色,内容", Layout::Messages),
            ("买家,客服,时间,发送方,消息内容", Layout::Messages),
            ("Conversation ID,From,Message", Layout::Messages),
            ("dialog,turn,act,customer,agent", Layout::Turns),
            ("会话,顾客,客服", Layout::Turns),
            ("问题,回答", Layout::Turns),
        ] {
            assert_eq!(layout(header), Ok(wanted), "{header}");
        }
        assert!(layout("a,b,c").unwrap_err().contains("conversation"));
        assert!(layout("from,text").unwrap_err().contains("which chat"));
    }

    #[test]
    fn roles_are_known_by_their_words() {
        for (cell, wanted) in [
            ("买家", Some(Role::Customer)),
            ("Customer", Some(Role::Customer)),
            ("客服", Some(Role::Agent)),
            ("智能客服", Some(Role::Machine)),
            ("大焊五金旗舰店:小美", Some(Role::Agent)),
            ("bot", Some(Role::Machine)),
            ("tb12345", None),
        ] {
            assert_eq!(role(cell), wanted, "{cell}");
        }
    }
}
