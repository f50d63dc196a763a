"""Rows of the permission matrix: signing in, the second factor, powers for a while, absences."""

from tests.permissions.rows import Row

DESK = {"ward": 200, "watchers": 200, "others": 200, "board": 200}

ACCOUNTS: dict[str, Row] = {
    # Sign-in
    "account_home": Row(everybody="login"),
    "account_login": Row(anonymous=200, signed_in=302),
    "account_logout": Row(anonymous=302, signed_in=200),
    "account_change_password": Row(signed_in=200),
    "account_reauthenticate": Row(signed_in=200),
    "account_reset_password": Row(everybody=200),
    "account_reset_use": Row(everybody=404),
    "account_kept": Row(signed_in=302),
    "account_sign_ins": Row(signed_in=200),
    "account_sign_ins_others": Row(signed_in=302, method="POST"),
    "account_sign_in_gone": Row(args=("unknown_uuid",), method="POST"),
    "account_tokens": Row(signed_in=200),
    "account_token_new": Row(signed_in=200),
    "account_token_gone": Row(args=("unknown_uuid",), method="POST"),
    # The second factor
    "mfa_index": Row(signed_in=200),
    "mfa_authenticate": Row(signed_in=302),
    "mfa_reauthenticate": Row(signed_in=302),
    "mfa_activate_totp": Row(signed_in=200),
    "mfa_deactivate_totp": Row(),
    "mfa_view_recovery_codes": Row(),
    "mfa_generate_recovery_codes": Row(signed_in=200),
    "mfa_recovery_codes_file": Row(signed_in=200, method="POST", data={"codes": "12345678"}),
    "mfa_list_webauthn": Row(signed_in=200),
    "mfa_add_webauthn": Row(signed_in=200),
    "mfa_reauthenticate_webauthn": Row(signed_in=302),
    "mfa_remove_webauthn": Row(args=("0",)),
    "mfa_edit_webauthn": Row(args=("0",)),
    # Powers for a while
    "powers:elevation": Row(but={"admin": 200}),
    "powers:elevation_over": Row(but={"admin": 302}, method="POST"),
    "powers:elevations": Row(
        but=dict.fromkeys(("admin", "internal_affairs", "board_head"), 200),
    ),
    "powers:delegations": Row(but=DESK | {"front": 404}),
    "powers:delegation_new": Row(but={"chair": 200}, args=("ward",)),
    "powers:delegation_gone": Row(but={"chair": 302}, args=("delegation",), method="POST"),
    "powers:unit_people": Row(
        but=dict.fromkeys(("chair", "other_chair", "board_head", "city_chair", "inspector"), 200)
    ),
    "powers:people": Row(but={"admin": 302}),
    "powers:account_new": Row(but={"admin": 302}),
    # Nobody here is elevated; what elevation opens is held in tests/accounts/test_account_help.py.
    "powers:person": Row(args=("officer",)),
    "powers:person_do": Row(args=("officer",), method="POST", data={"do": "sign_out"}),
    "powers:role_end": Row(
        args=("officer", "held"), method="POST", data={"valid_to": "2099-12-31"}
    ),
    # Absences
    "absences:list": Row(signed_in=200),
    "absences:end": Row(args=("unknown_uuid",), method="POST"),
}
