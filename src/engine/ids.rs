//! Ids are indices into a program's lists.

use serde::{Deserialize, Serialize};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub(crate) $inner);

        impl $name {
            /// The position in the program's list.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

index! {
    /// A step of a program.
    StepId(u32);
    /// A workflow of a program.
    WorkflowId(u16);
    /// A channel of a program's workspace.
    ChannelId(u16);
}
