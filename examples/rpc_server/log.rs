//! The lines on standard error. They are written by a thread of their own: a reader who does not read them must not stop the
//! server.

use crate::shared::output::warn;
use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::Duration,
};

/// Lines that may wait; more are dropped.
const WAITING: usize = 1 << 16;

/// How long the last lines may take.
const LAST: Duration = Duration::from_secs(1);

enum Message {
    Line(String),
    /// Every line before this one was written.
    Mark(SyncSender<()>),
}

#[derive(Clone)]
pub struct Log(SyncSender<Message>);

impl Log {
    pub fn start() -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        thread::spawn(move || write(&receiver));
        Self(sender)
    }

    pub fn line(&self, text: String) {
        let _ = self.0.try_send(Message::Line(text));
    }

    /// Waits until the lines so far are written.
    pub fn finish(&self) {
        let (sender, receiver) = sync_channel(1);
        if self.0.try_send(Message::Mark(sender)).is_ok() {
            let _ = receiver.recv_timeout(LAST);
        }
    }
}

fn write(messages: &Receiver<Message>) {
    for message in messages {
        match message {
            Message::Line(text) => warn(&text),
            Message::Mark(done) => {
                let _ = done.send(());
            }
        }
    }
}
