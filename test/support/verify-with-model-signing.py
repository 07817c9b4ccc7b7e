#!/usr/bin/env python3
"""Verifies a model with model_signing, as its own command line would.

usage: python verify-with-model-signing.py '{"model": PATH, "bundle": PATH, "public_key": PATH | null,
           "chain": [PATH], "shard_size": N | null, "hashing": "sha256" | "blake2" | "blake3", "allow_symlinks": bool}'
Exit 0: verified.
"""

import json
import pathlib
import sys

from model_signing import hashing, verifying

args = json.loads(sys.argv[1])
config = hashing.Config()
if args["shard_size"]:
    config.use_shard_serialization(hashing_algorithm=args["hashing"], shard_size=args["shard_size"])
else:
    config.use_file_serialization(hashing_algorithm=args["hashing"])
config.set_allow_symlinks(args["allow_symlinks"])
verifier = verifying.Config().set_hashing_config(config)
if args["public_key"]:
    verifier.use_elliptic_key_verifier(public_key=args["public_key"])
else:
    verifier.use_certificate_verifier(certificate_chain=args["chain"])
verifier.verify(pathlib.Path(args["model"]), pathlib.Path(args["bundle"]))
