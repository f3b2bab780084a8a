//! Files that are embedded as folders: cargo notices a changed file of `include_dir!` by itself, but
//! not a new one.

fn main() {
    for folder in ["rules", "fixtures/sites"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
