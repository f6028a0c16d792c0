//! The cache of compiled code: it is used where it can be trusted, and costs nothing else.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::guests::behaviours;
use super::program::{Server, Site};

/// A site with a cache of its own, and where that is.
fn site() -> (Site, PathBuf) {
    let site = Site::of("component.wasm".as_ref());
    fs::copy(behaviours(), site.folder.join("component.wasm")).unwrap();
    let caches = site.folder.join("caches");
    (site, caches)
}

/// Serves with this cache, and gets a page.
#[track_caller]
fn serve(site: &Site, caches: &Path) -> Server {
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let server = Server::start(command.env("XDG_CACHE_HOME", caches));
    assert_eq!(server.get("/method").status, 200);
    server
}

/// The files in a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

/// The one file in the cache, which is as it should be.
#[track_caller]
fn kept(caches: &Path) -> PathBuf {
    let folder = caches.join("mayfly");
    let mode = |path: &Path| path.symlink_metadata().unwrap().mode();
    assert_eq!(mode(&folder), 0o040_700);
    let files = files(&folder);
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(mode(&files[0]), 0o100_600);
    files[0].clone()
}

#[test]
fn the_next_start_finds_the_compiled_code() {
    let (site, caches) = site();
    drop(serve(&site, &caches));
    let first = kept(&caches).metadata().unwrap().ino();
    let server = serve(&site, &caches);
    assert_eq!(kept(&caches).metadata().unwrap().ino(), first);
    assert!(!server.output().contains("WARN"), "{}", server.output());
    // Nothing is written beside the component.
    assert_eq!(files(&site.folder).len(), 3, "{:?}", files(&site.folder));
}

/// Damages the compiled code with `damage`, and expects that it is compiled again.
#[track_caller]
fn check(damage: impl FnOnce(&Path, Vec<u8>), reason: &str) {
    let (site, caches) = site();
    drop(serve(&site, &caches));
    let file = kept(&caches);
    let good = fs::read(&file).unwrap();
    damage(&file, good.clone());
    let server = serve(&site, &caches);
    server.prints(&format!("compiled again: {reason}"));
    assert!(fs::read(kept(&caches)).unwrap() == good);
}

#[test]
fn damaged_code_is_not_executed() {
    check(
        |file, mut bytes| {
            for byte in bytes.iter_mut().step_by(500) {
                *byte ^= 0x10;
            }
            fs::write(file, bytes).unwrap();
        },
        "it is damaged",
    );
    check(
        |file, mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle..middle + 4096].fill(0);
            fs::write(file, bytes).unwrap();
        },
        "it is damaged",
    );
    check(
        |file, bytes| fs::write(file, &bytes[..bytes.len() / 2]).unwrap(),
        "it is damaged",
    );
    check(
        |file, _| fs::write(file, vec![0; 4096]).unwrap(),
        "it is damaged",
    );
    check(|file, _| fs::write(file, "").unwrap(), "it is too short");
}

#[test]
fn code_that_others_can_change_is_not_executed() {
    check(
        |file, bytes| {
            let elsewhere = file.parent().unwrap().with_file_name("elsewhere");
            fs::write(&elsewhere, bytes).unwrap();
            fs::remove_file(file).unwrap();
            std::os::unix::fs::symlink(elsewhere, file).unwrap();
        },
        "",
    );
    check(
        |file, _| fs::set_permissions(file, Permissions::from_mode(0o620)).unwrap(),
        "other users may write to it",
    );
}

#[test]
fn code_of_another_component_is_not_executed() {
    let (site, caches) = site();
    drop(serve(&site, &caches));
    let other = kept(&caches);
    let bytes = fs::read(&other).unwrap();
    fs::remove_file(&other).unwrap();
    let mut component = fs::read(behaviours()).unwrap();
    // A custom section without a name: it changes nothing but the bytes.
    component.extend([0, 1, 0]);
    site.write("component.wasm", component);
    drop(serve(&site, &caches));
    fs::write(kept(&caches), bytes).unwrap();
    serve(&site, &caches).prints("compiled again: it is damaged");
}

#[test]
fn without_a_folder_of_its_own_nothing_is_cached() {
    let (site, caches) = site();
    let folder = caches.join("mayfly");
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    drop(serve(&site, &caches));
    assert!(files(&folder).is_empty());
    let mut homeless = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    homeless.env_remove("XDG_CACHE_HOME").env_remove("HOME");
    assert_eq!(Server::start(&mut homeless).get("/method").status, 200);
}

#[test]
fn the_cache_does_not_grow_without_end() {
    let (site, caches) = site();
    drop(serve(&site, &caches));
    let (folder, kept) = (caches.join("mayfly"), kept(&caches));
    for number in 0..40 {
        fs::write(folder.join(format!("{number:032x}.cwasm")), "").unwrap();
    }
    fs::write(&kept, "").unwrap();
    drop(serve(&site, &caches));
    let files = files(&folder);
    assert_eq!(files.len(), 32);
    assert!(files.contains(&kept));
}
