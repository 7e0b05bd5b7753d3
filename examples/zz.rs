fn main() {
    let t =
        wintask::xml::read(&std::fs::read("benches/data/typical.xml").unwrap(), &Default::default()).unwrap();
    std::hint::black_box(t);
}
