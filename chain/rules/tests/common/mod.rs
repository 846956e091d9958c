//! Reading the shared vector files; whatever a test does not know makes it fail.
#![allow(dead_code)]

pub mod counter;
pub mod tree;

use serde_json::{Map, Value};
use std::{fs, path::PathBuf};

/// Where the files that these rules make are kept: Cargo runs a test in its package's folder, and may have compiled it in another
/// checkout.
pub fn own_folder() -> PathBuf {
    PathBuf::from("../../test/vectors")
}

/// Where the files that independent programs made are read from.
pub fn folder() -> PathBuf {
    std::env::var_os("DATDOT_VECTORS").map_or_else(own_folder, PathBuf::from)
}

pub fn load(name: &str) -> Value {
    read(folder().join(name))
}

fn read(path: PathBuf) -> Value {
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares a generated file with the committed one; DATDOT_WRITE=1 writes it instead.
pub fn hold(name: &str, made: &Value) {
    let path = own_folder().join(name);
    if std::env::var_os("DATDOT_WRITE").is_some_and(|value| value == "1") {
        fs::write(&path, text(made, 0) + "\n").unwrap();
    }
    assert_eq!(&read(path), made, "{name} differs from the rules: DATDOT_WRITE=1 writes it again");
}

/// JSON with one line for each innermost object or list, so that a change reads well in a diff.
fn text(value: &Value, depth: usize) -> String {
    let flat = value.to_string();
    let inner = "  ".repeat(depth + 1);
    let outer = "  ".repeat(depth);
    match value {
        Value::Object(map) if flat.len() > 160 => {
            let lines: Vec<_> = map
                .iter()
                .map(|(key, value)| format!("{inner}{}: {}", Value::from(key.as_str()), text(value, depth + 1)))
                .collect();
            format!("{{\n{}\n{outer}}}", lines.join(",\n"))
        }
        Value::Array(list) if flat.len() > 160 && list.iter().any(|item| item.is_object() || item.is_array()) => {
            let lines: Vec<_> = list.iter().map(|item| format!("{inner}{}", text(item, depth + 1))).collect();
            format!("[\n{}\n{outer}]", lines.join(",\n"))
        }
        _ => flat,
    }
}

/// The object with exactly these keys.
pub fn object<'a>(value: &'a Value, keys: &[&str]) -> &'a Map<String, Value> {
    let map = value.as_object().unwrap_or_else(|| panic!("not an object: {value}"));
    let mut found: Vec<&str> = map.keys().map(String::as_str).collect();
    let mut wanted = keys.to_vec();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted, "unknown or missing fields");
    map
}

pub fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

pub fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}"))
}

/// An integer, given as a number or as a decimal string.
pub fn int(value: &Value) -> u128 {
    match value {
        Value::String(digits) => digits.parse().unwrap(),
        number => number.as_u64().unwrap_or_else(|| panic!("not an integer: {value}")).into(),
    }
}

pub fn u64_of(value: &Value) -> u64 {
    int(value).try_into().unwrap()
}

pub fn u32_of(value: &Value) -> u32 {
    int(value).try_into().unwrap()
}

pub fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(string(value)).unwrap()
}

pub fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

pub fn hash32(value: &Value) -> [u8; 32] {
    array(value)
}
