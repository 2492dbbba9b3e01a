package web

// Mount is what New mounts, for the test that asks every route as everybody.
var Mount = mount
