//! Where a bundle can be meant to run, and what differs between these places.

/// A version of Redis Enterprise, or its operator for Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Target {
    /// Redis Enterprise 7.22: it downloads dependencies.
    #[value(name = "rs-7.22")]
    Rs722,
    /// Redis Enterprise 8.0.
    #[value(name = "rs-8.0")]
    Rs80,
    /// Redis Enterprise 8.2.
    #[value(name = "rs-8.2")]
    Rs82,
    /// The operator for Kubernetes.
    #[value(name = "k8s")]
    K8s,
}
