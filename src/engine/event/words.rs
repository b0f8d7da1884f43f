//! The closed lists of words that events speak in.

use crate::flow::words::words;

words! {
    /// The kinds of timers.
    TimerName {
        /// A question's deadline.
        QuestionTimeout = "question_timeout",
        /// The end of a `wait`.
        Wait = "wait",
        /// The end of waiting for somebody to assign to.
        AssignmentTimeout = "assignment_timeout",
        /// The contact has been silent too long in a conversation with an AI.
        AiIdle = "ai_idle",
    }
}

words! {
    /// Why a workflow ended; every end has one reason.
    EndReason {
        /// A list of steps ran out.
        Completed = "completed",
        /// A deadline passed and its branch is absent or empty (R26, R34, R36).
        Timeout = "timeout",
        /// An answer did not fit and the failure branch is empty (R29).
        InvalidAnswer = "invalid_answer",
        /// A message could not be sent and no branch catches it (R33, R35, R36).
        SendingFailed = "sending_failed",
        /// A `date_time` outside its hours without a branch.
        OutsideHours = "outside_hours",
        /// An agent stopped it.
        StoppedByAgent = "stopped_by_agent",
        /// One of `stop_on` happened.
        ExitCondition = "exit_condition",
        /// Another workflow was triggered.
        MovedToWorkflow = "moved_to_workflow",
        /// More steps than the budget ran without a wait.
        LoopDetected = "loop_detected",
        /// A step came of a type that rehearse does not know (our own reason).
        UnknownStep = "unknown_step",
    }
}

words! {
    /// Why a message could not be sent (R33, R35).
    Cause {
        /// The contact has no connected channel, or lacks the fixed one.
        NoChannel = "no_channel",
        /// The channel's messaging window is closed for free-form messages.
        WindowClosed = "window_closed",
        /// The channel's API key has expired.
        ExpiredApiKey = "expired_api_key",
        /// The network failed.
        Network = "network",
        /// The channel rejected the message.
        Rejected = "rejected",
        /// The text is longer than the channel takes.
        TextTooLong = "text_too_long",
        /// A parameter of the template is unset or missing.
        TemplateMissingParameter = "template_missing_parameter",
    }
}

words! {
    /// Who opened or closed a conversation.
    Actor {
        /// The contact, by writing.
        Contact = "contact",
        /// The workflow.
        Workflow = "workflow",
        /// An agent.
        Agent = "agent",
        /// The platform's programming interface.
        Api = "api",
        /// Zapier.
        Zapier = "zapier",
        /// Make.
        Make = "make",
        /// A click-to-chat ad.
        CtcAds = "ctc_ads",
        /// A growth widget.
        GrowthWidget = "growth_widget",
        /// A bot.
        Bot = "bot",
        /// n8n.
        N8n = "n8n",
        /// An AI agent.
        AiAgent = "ai_agent",
        /// The workspace's own auto-close.
        AutoClose = "auto_close",
    }
}

words! {
    /// What an operator may edit.
    Target {
        /// A contact field.
        Field = "field",
        /// A workflow variable.
        Variable = "var",
        /// Whether a user is online.
        Presence = "presence",
        /// How many open contacts a user has.
        OpenContacts = "open_contacts",
        /// Which rehearsed answer a step gets next, counted from 1.
        Mock = "mock",
    }
}

words! {
    /// Who gave an answer in the place of the outside world.
    Source {
        /// A mock of the workspace or the flow.
        Mock = "mock",
        /// Whoever rehearses.
        Operator = "operator",
        /// The outside world itself.
        Live = "live",
    }
}
