use endcap_settlement::*;
use crate::world::*;
#[test]
fn speed() {
    for n in [1000_usize, 4000, 16000] {
        let (stacks, all) = clauses();
        for which in 0..4 {
            let mut terms = crate::support::terms(methods().swap_remove(which));
            terms.stacks = stacks.clone(); terms.clauses = all.clone();
            let s: Vec<Seed> = (0..n).map(|i| ((i % 31 + 1) as u32, i % 4, (i % 50) as i64 + 1, (i * 37 % 9000) as i64)).collect();
            let w = build(terms, (s.clone(), vec![], s.clone()), (vec![], vec![], vec![]), &[]);
            let t = std::time::Instant::now();
            let st = w.settle();
            eprintln!("{which} {n} {:?} nodes {} {}", t.elapsed(), st.trace().nodes().len(), st.fingerprint().len());
        }
    }
}
