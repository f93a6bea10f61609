"""Rewrite the additions in `additions.yaml` from the build: `python -m tests.abi.update`.

Everything above the key `additions` stays as it was written.
"""

from tests.abi import reference
from tests.abi.test_abi import additions
from tests.helpers.build import compile_contracts
from tools.artifacts import load_artifacts


def main() -> None:
    compile_contracts(keep_going=False)
    artifacts = load_artifacts()
    lines = []
    for contract in reference.compared_contracts():
        if contract in artifacts:
            found = sorted(additions(contract, reference.compiled(artifacts[contract])))
            lines += [f"  {contract}:", *(f'    - "{line}"' for line in found)] if found else []
    kept, _, _ = reference.POLICY.read_text(encoding="utf-8").partition("\nadditions:")
    reference.POLICY.write_text(f"{kept}\nadditions:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{reference.POLICY}: {sum(line.startswith('    ') for line in lines)} additions")


if __name__ == "__main__":
    main()
