#!/usr/bin/env python3
"""Makes test/fixtures/oms with model_signing 1.1.1: models, and bundles over them by the key and certificate methods.

usage: python make-oms-fixtures.py OUTPUT_FOLDER   (a Python with model_signing 1.1.1 and pyopenssl)

Private keys are made here and thrown away. `cases.json` lists the bundles with the model each is over and what is
expected of it. Certificates are valid for thirty years, so that the fixtures do not run out.
"""

import datetime
import json
import os
import pathlib
import shutil
import sys
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from model_signing import hashing, signing

START = datetime.datetime(2026, 1, 1)
END = datetime.datetime(2056, 1, 1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, key, issuer, issuer_key, is_ca):
    usage = dict.fromkeys(
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only".split(), False)
    usage["key_cert_sign" if is_ca else "digital_signature"] = True
    builder = (
        x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(START).not_valid_after(END)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True))
    if not is_ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def write_key(path, key):
    path.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return path


def write_public(path, key):
    path.write_bytes(key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))


def write_certificate(path, cert):
    path.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    return path


def make_models(models):
    files = {
        "folder/config.json": b'{"architecture": "example"}\n',
        "folder/a-b": b"a name below the slash\n",
        "folder/a/b": b"beside a folder of the same start\n",
        "folder/weights.bin": bytes(range(256)) * 3,
        "folder/empty.bin": b"",
        "folder/\u6a21\u578b \u00e9.bin": b"names beyond ASCII\n",
        "folder/logs/run.txt": b"left out\n",
        "folder/sub/.gitignore": b"# signed, for it is not at the top\n",
        "folder/.gitattributes": b"# left out by default\n",
        "single.bin": b"a model of one file\n",
        "linked/weights.bin": b"what the link leads to\n",
    }
    for path, content in files.items():
        (models / path).parent.mkdir(parents=True, exist_ok=True)
        (models / path).write_bytes(content)
    os.symlink("weights.bin", models / "linked/link.bin")


def main(output):
    shutil.rmtree(output, ignore_errors=True)
    models = output / "models"
    make_models(models)
    secret = pathlib.Path(tempfile.mkdtemp())
    keys = {}
    for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()):
        key = ec.generate_private_key(curve)
        short = f"p{curve.key_size}"
        keys[short] = write_key(secret / f"{short}.pem", key)
        write_public(output / f"{short}.pub", key)
    root_key, intermediate_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    write_certificate(output / "root.pem", certificate("models root", root_key, "models root", root_key, True))
    chain = write_certificate(
        secret / "int.pem", certificate("models intermediate", intermediate_key, "models root", root_key, True))
    leaf = write_certificate(
        secret / "leaf.pem", certificate("release-bot", leaf_key, "models intermediate", intermediate_key, False))
    leaf_private = write_key(secret / "leaf-key.pem", leaf_key)

    def by_key(curve):
        return lambda config: config.use_elliptic_key_signer(private_key=keys[curve])

    def by_certificate(config):
        return config.use_certificate_signer(
            private_key=leaf_private, signing_certificate=leaf, certificate_chain=[chain])

    ignoring = {"paths": ["logs"], "ignore_git_paths": True}
    plain = hashing.Config
    cases = [
        ("files-p256", "folder", by_key("p256"), plain()),
        ("files-p384", "folder", by_key("p384"), plain()),
        ("files-p521", "folder", by_key("p521"), plain()),
        ("certificate", "folder", by_certificate, plain()),
        ("ignore", "folder", by_key("p256"), plain().set_ignored_paths(**ignoring)),
        ("blake2b", "folder", by_key("p256"), plain().use_file_serialization(hashing_algorithm="blake2")),
        ("blake3", "folder", by_key("p256"), plain().use_file_serialization(hashing_algorithm="blake3")),
        ("shards", "folder", by_key("p256"), plain().use_shard_serialization(shard_size=100)),
        ("shards-blake2b", "folder", by_certificate,
         plain().use_shard_serialization(hashing_algorithm="blake2", shard_size=256)),
        ("single", "single.bin", by_key("p256"), plain().set_ignored_paths(paths=[], ignore_git_paths=False)),
        ("symlinks", "linked", by_key("p256"), plain().set_allow_symlinks(True)),
    ]
    listed = []
    for case, model, signer, config in cases:
        signer(signing.Config()).set_hashing_config(config).sign(models / model, output / f"{case}.sig")
        method = "certificate" if signer is by_certificate else "key"
        listed.append({"name": case, "model": model, "method": method})
    (output / "cases.json").write_text(json.dumps(listed, indent=2) + "\n")
    shutil.rmtree(secret)


main(pathlib.Path(sys.argv[1]))
