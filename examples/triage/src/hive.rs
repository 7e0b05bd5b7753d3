//! The keys of the task cache in a hive.

use regf::{RegistryHive, hive::RegistryKey};
use std::collections::BTreeMap;
use wintask::{
    dtyp::WideString,
    reconcile::{Inventory, TasksKey, TreeKey},
    taskcache::{Index, Values},
};

/// The key below the root of SOFTWARE.
const TASK_CACHE: &str = r"Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache";

/// How deep folders may be nested; a damaged hive may have a key within itself.
const DEPTH: usize = 128;

/// Reads the task cache of a hive. Returns what is unusual about the hive itself.
pub fn read(bytes: Vec<u8>, inventory: &mut Inventory) -> Result<Option<&'static str>, String> {
    let hive = RegistryHive::from_bytes(bytes).map_err(|error| error.to_string())?;
    let cache = hive.open_key(TASK_CACHE).map_err(|_| "the hive has no task cache")?;
    let mut listed: BTreeMap<String, Vec<Index>> = BTreeMap::new();
    for index in [Index::BOOT, Index::LOGON, Index::PLAIN, Index::MAINTENANCE] {
        for key in children(&cache, &index.to_string()) {
            listed.entry(key.name().to_lowercase()).or_default().push(index);
        }
    }
    // The key Tree itself is the root folder.
    for key in children(&cache, "Tree") {
        tree(&key, "", DEPTH, inventory);
    }
    inventory.tasks.extend(children(&cache, "Tasks").iter().map(|key| {
        let listed = listed.get(&key.name().to_lowercase()).cloned().unwrap_or_default();
        TasksKey { id: key.name(), values: values(key), listed: Some(listed) }
    }));
    Ok(hive.is_dirty().then_some("the hive was not written completely; apply its transaction logs first"))
}

fn children<'h>(key: &RegistryKey<'h>, name: &str) -> Vec<RegistryKey<'h>> {
    key.open_subkey(name).and_then(|key| key.subkeys()).unwrap_or_default()
}

fn tree(key: &RegistryKey<'_>, folder: &str, depth: usize, inventory: &mut Inventory) {
    let path = format!(r"{folder}\{}", key.name());
    let (id, index, sd) = (text(key, "Id"), number(key, "Index"), data(key, "SD").into());
    inventory.tree.push(TreeKey { path: path.clone(), id, index, sd });
    if let Some(depth) = depth.checked_sub(1) {
        for child in key.subkeys().unwrap_or_default() {
            tree(&child, &path, depth, inventory);
        }
    }
}

fn values(key: &RegistryKey<'_>) -> Values {
    Values {
        actions: data(key, "Actions"),
        triggers: data(key, "Triggers"),
        dynamic_info: data(key, "DynamicInfo"),
        hash: data(key, "Hash"),
        schema: number(key, "Schema"),
        path: text(key, "Path"),
        uri: text(key, "URI"),
        author: text(key, "Author"),
        date: text(key, "Date"),
        description: text(key, "Description"),
        documentation: text(key, "Documentation"),
        source: text(key, "Source"),
        version: text(key, "Version"),
        security_descriptor: text(key, "SecurityDescriptor"),
        data: text(key, "Data"),
        ..Values::default()
    }
}

fn data(key: &RegistryKey<'_>, name: &str) -> Option<Vec<u8>> {
    key.value(name).and_then(|value| value.raw_data()).ok()
}

fn text(key: &RegistryKey<'_>, name: &str) -> Option<String> {
    let text = WideString::from_le_bytes(&data(key, name)?).to_string();
    Some(text.trim_end_matches('\0').to_owned())
}

fn number(key: &RegistryKey<'_>, name: &str) -> Option<u32> {
    data(key, name)?.try_into().ok().map(u32::from_le_bytes)
}
