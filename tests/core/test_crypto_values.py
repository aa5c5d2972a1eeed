"""Short values: known answers, round trips, tampering, rotation, missing keys."""

from __future__ import annotations

import hashlib
import stat
import threading

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import crypto
from core.audit.models import AuditEntry
from core.crypto.keyring import Keyring, keyring
from core.crypto.suites import SUITES, international

quick = hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def test_aes_256_gcm_gives_the_published_answer():
    # NIST GCM specification, test case 16
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    plaintext = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    expected = bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert international.seal(key, nonce, plaintext, associated) == expected
    assert international.unseal(key, nonce, expected, associated) == plaintext


def test_sha_256_gives_the_published_answer():
    # FIPS 180-4 example
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert international.new_digest(b"abc").hexdigest() == expected


def test_hmac_sha_256_gives_the_published_answer():
    # RFC 4231, test case 2
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert international.mac(b"Jefe", b"what do ya want for nothing?").hex() == expected


def test_hkdf_gives_the_published_answer():
    # RFC 5869, test case 1
    salt, info = bytes.fromhex("000102030405060708090a0b0c"), bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert international.derive(b"\x0b" * 22, salt, info, 42).hex() == expected


def test_ed25519_gives_the_published_answer():
    # RFC 8032, 7.1, test 2
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert international.public_key(seed).hex() == public
    assert international.sign(seed, b"\x72").hex() == signature
    assert international.verify(bytes.fromhex(public), b"\x72", bytes.fromhex(signature))
    assert not international.verify(bytes.fromhex(public), b"\x73", bytes.fromhex(signature))


@quick
@given(plaintext=st.binary(max_size=300), purpose=st.text(min_size=1, max_size=20), context=st.binary(max_size=40))
def test_what_was_encrypted_is_read_back(keys, plaintext, purpose, context):
    sealed = crypto.encrypt(plaintext, purpose=purpose, context=context)
    assert crypto.decrypt(sealed, purpose=purpose, context=context) == plaintext
    assert plaintext not in sealed or len(plaintext) < 4


@quick
@given(plaintext=st.binary(max_size=80), place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_one_changed_bit_is_seen(keys, plaintext, place, bit):
    sealed = bytearray(crypto.encrypt(plaintext, purpose="phone"))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises((crypto.Tampered, crypto.KeyMissing)):
        crypto.decrypt(bytes(sealed), purpose="phone")


@quick
@given(cut=st.integers(min_value=1, max_value=60))
def test_a_cut_value_is_seen(keys, cut):
    sealed = crypto.encrypt(b"13800000001", purpose="phone")
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(sealed[: max(0, len(sealed) - cut)], purpose="phone")


def test_a_value_cannot_be_moved_to_another_purpose_or_row(keys):
    sealed = crypto.encrypt(b"13800000001", purpose="phone", context=b"person-1")
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(sealed, purpose="address", context=b"person-1")
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(sealed, purpose="phone", context=b"person-2")
    # and the border between purpose and context is fixed
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(crypto.encrypt(b"x", purpose="ab", context=b"c"), purpose="a", context=b"bc")


def test_header_names_suite_and_key(keys):
    sealed = crypto.encrypt(b"x", purpose="phone")
    root = keyring().current()
    assert (sealed[0], sealed[1]) == (1, SUITES[0].number)
    assert crypto.key_id_of(sealed) == root.key_id


def test_the_first_key_is_private_and_made_once(keys):
    crypto.encrypt(b"x", purpose="phone")
    [path] = list(keys.iterdir())
    assert path.name == "international-0001.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700


def test_nothing_is_encrypted_and_no_key_made_where_there_is_none(settings, tmp_path):
    # Given a folder that is not mounted
    settings.XINGLIN_KEYS_DIR = tmp_path / "unmounted"
    # When something is to be protected, in any way
    for attempt in (
        lambda: crypto.encrypt(b"x", purpose="phone"),
        lambda: crypto.mac(b"x", purpose="phone"),
        lambda: crypto.blind_index("x", purpose="phone"),
        lambda: crypto.sign(b"x", purpose="phone"),
        lambda: crypto.new_data_key(purpose="phone"),
    ):
        with pytest.raises(crypto.KeyMissing):
            attempt()
    # Then no key was made
    assert not settings.XINGLIN_KEYS_DIR.exists()


def test_many_processes_agree_on_the_first_key(settings, tmp_path):
    # Given keyrings that know nothing of each other, as processes do
    settings.XINGLIN_KEYS_DIR = keys = tmp_path / "new"
    ids = []
    threads = [threading.Thread(target=lambda: ids.append(Keyring(keys).create().key_id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert [path.name for path in keys.iterdir()] == ["international-0001.key"]


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens(keys):
    old = crypto.encrypt(b"before", purpose="phone")
    tag = crypto.mac(b"m", purpose="audit")
    signature = crypto.sign(b"m", purpose="audit")
    other_process = Keyring(keys)
    first = other_process.current()
    second = keyring().rotate()
    new = crypto.encrypt(b"after", purpose="phone")
    assert (crypto.key_id_of(old), crypto.key_id_of(new)) == (first.key_id, second.key_id)
    assert crypto.decrypt(old, purpose="phone") == b"before"
    assert other_process.named(second.key_id).sequence == 2
    crypto.check_mac(b"m", tag, purpose="audit")
    crypto.verify(b"m", signature, purpose="audit")
    assert crypto.blind_indexes("13800000001", purpose="phone")[0] == crypto.blind_index("13800000001", purpose="phone")
    assert len(set(crypto.blind_indexes("13800000001", purpose="phone"))) == 2


def test_a_foreign_key_folder_is_named_as_such(keys, settings, tmp_path):
    sealed = crypto.encrypt(b"x", purpose="phone")
    settings.XINGLIN_KEYS_DIR = tmp_path / "other"
    keyring().create()
    crypto.encrypt(b"y", purpose="phone")
    with pytest.raises(crypto.KeyMissing):
        crypto.decrypt(sealed, purpose="phone")


def test_a_suite_that_is_not_installed_is_named_as_such(keys, settings):
    sealed = bytearray(crypto.encrypt(b"x", purpose="phone"))
    sealed[1] = 99
    with pytest.raises(crypto.KeyMissing):
        crypto.decrypt(bytes(sealed), purpose="phone")
    settings.XINGLIN_CRYPTO_SUITE = "nowhere"
    with pytest.raises(crypto.KeyMissing):
        crypto.encrypt(b"x", purpose="phone")


def test_mac_and_signature_hold_for_their_message_and_purpose_only(keys):
    tag, signature = crypto.mac(b"m", purpose="a"), crypto.sign(b"m", purpose="a")
    crypto.check_mac(b"m", tag, purpose="a")
    crypto.verify(b"m", crypto.Signature.parse(str(signature)), purpose="a")
    for message, purpose in ((b"n", "a"), (b"m", "b")):
        with pytest.raises(crypto.Tampered):
            crypto.check_mac(message, tag, purpose=purpose)
        with pytest.raises(crypto.Tampered):
            crypto.verify(message, signature, purpose=purpose)
    for text in ("", "international", "international:abc:%%%", "a:b:c:d"):
        with pytest.raises(crypto.Tampered):
            crypto.Signature.parse(text)


def test_digest_names_its_suite(keys):
    assert crypto.digest(b"abc") == f"international:{hashlib.sha256(b'abc').hexdigest()}"


def test_blind_index_finds_the_same_value_however_it_was_typed(keys):
    index = crypto.blind_index("13800000001", purpose="phone")
    assert index == crypto.blind_index(" １３８０００００００１ ", purpose="phone")
    assert index != crypto.blind_index("13800000001", purpose="id_number")
    assert index != crypto.blind_index("13800000002", purpose="phone")
    assert len(index) == 52
    assert "138" not in index


def test_data_key_is_wrapped_for_its_purpose_and_object(keys):
    key = crypto.new_data_key(purpose="release", context=b"r1")
    assert crypto.unwrap_data_key(key.wrapped, purpose="release", context=b"r1") == key.plain
    assert key.plain.hex() not in repr(key)
    assert repr(key.plain) not in repr(key)
    with pytest.raises(crypto.Tampered):
        crypto.unwrap_data_key(key.wrapped, purpose="release", context=b"r2")


@pytest.mark.django_db
def test_the_rotation_command_adds_a_key_and_records_it(keys, capsys):
    old = crypto.encrypt(b"x", purpose="phone")
    call_command("rotate_key")
    new = keyring().current()
    assert (new.sequence, crypto.key_id_of(crypto.encrypt(b"y", purpose="phone"))) == (2, new.key_id)
    assert crypto.decrypt(old, purpose="phone") == b"x"
    assert capsys.readouterr().out == f"key {new.key_id} (international, number 2) encrypts from now on\n"
    entry = AuditEntry.objects.get(action="key.rotated")
    assert (entry.subject_id, entry.details) == (new.key_id, {"suite": "international", "sequence": 2})
