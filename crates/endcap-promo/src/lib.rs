//! What a promotion did, who paid for it, and whether the evidence is enough to say so.
