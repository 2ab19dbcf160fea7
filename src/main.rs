//! Hands over to [`legato::cli`].

fn main() -> std::process::ExitCode {
    legato::cli::main()
}
