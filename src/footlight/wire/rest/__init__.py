"""CVAD-compatible REST models: shapes only, one file per noun. Member names are the wire's own;
null members are written, never left out."""
