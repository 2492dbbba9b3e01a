package access

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// try is how long a try has to wait; 0 where it is let pass.
func try(t *testing.T, th *throttle, name, address string, now time.Time) time.Duration {
	t.Helper()
	err := th.begin(name, address, now)
	var throttled *Throttled
	if err != nil && !errors.As(err, &throttled) {
		t.Fatal(err)
	}
	if throttled == nil {
		return 0
	}
	return throttled.Until.Sub(now)
}

func TestANameHasToWaitTwiceAsLongEachTime(t *testing.T) {
	var th throttle
	now := time.Now()
	for i := range freeOfName {
		if wait := try(t, &th, "hoa", fmt.Sprint(i), now); wait != 0 {
			t.Fatalf("try %d waits %s", i, wait)
		}
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128} {
		if wait := try(t, &th, "hoa", "x", now); wait != want*time.Second {
			t.Errorf("it waits %s, not %d s", wait, want)
		}
		if wait := try(t, &th, "lan", "another", now); wait != 0 && want == 1 {
			t.Errorf("another name waits %s", wait)
		}
		now = now.Add(want * time.Second)
		if wait := try(t, &th, "hoa", "y", now); wait != 0 {
			t.Errorf("after that it waits %s", wait)
		}
	}
	for range 50 {
		wait := try(t, &th, "hoa", "x", now)
		if wait < time.Minute || wait > longestWait {
			t.Fatalf("it waits %s", wait)
		}
		now = now.Add(wait)
		try(t, &th, "hoa", "y", now)
	}
	th.succeeded("hoa", "y")
	if wait := try(t, &th, "hoa", "y", now); wait != 0 {
		t.Errorf("after a login it waits %s", wait)
	}
}

func TestAnAddressHasToWaitWhateverTheName(t *testing.T) {
	var th throttle
	now := time.Now()
	for i := range freeOfAddress {
		if wait := try(t, &th, fmt.Sprint(i), "192.0.2.7", now); wait != 0 {
			t.Fatalf("try %d waits %s", i, wait)
		}
	}
	if wait := try(t, &th, "one more", "192.0.2.7", now); wait != time.Second {
		t.Errorf("it waits %s", wait)
	}
	if wait := try(t, &th, "one more", "192.0.2.8", now); wait != 0 {
		t.Errorf("another address waits %s", wait)
	}
	now = now.Add(time.Second)
	try(t, &th, "who knows a password", "192.0.2.7", now)
	th.succeeded("who knows a password", "192.0.2.7")
	if wait := try(t, &th, "one more", "192.0.2.7", now); wait == 0 {
		t.Error("a login frees the address")
	}
	if wait := try(t, &th, "one more", "192.0.2.7", now.Add(10*forgive)); wait != 0 {
		t.Errorf("much later it waits %s", wait)
	}
}

func TestAddressesOfOneIPv6NetworkAreCountedTogether(t *testing.T) {
	var th throttle
	now := time.Now()
	for i := range freeOfAddress {
		if wait := try(t, &th, fmt.Sprint(i), fmt.Sprintf("2001:db8:1:2:%x::%x", i, i), now); wait != 0 {
			t.Fatalf("try %d waits %s", i, wait)
		}
	}
	if wait := try(t, &th, "one more", "2001:db8:1:2:ffff::1", now); wait != time.Second {
		t.Errorf("another address of the network waits %s", wait)
	}
	if wait := try(t, &th, "one more", "2001:db8:1:3::1", now); wait != 0 {
		t.Errorf("another network waits %s", wait)
	}
}

func TestAnIPv4AddressWrittenAsIPv6IsThatAddress(t *testing.T) {
	if a, b := addressKey("::ffff:192.0.2.7"), addressKey("192.0.2.7"); a != b {
		t.Errorf("%q is not %q", a, b)
	}
	if a, b := addressKey("::ffff:192.0.2.7"), addressKey("::ffff:192.0.2.8"); a == b {
		t.Errorf("two addresses are one: %q", a)
	}
	if a, b := addressKey("fe80::1%eth0"), addressKey("fe80::2%eth1"); a != b {
		t.Errorf("a zone tells %q from %q", a, b)
	}
}

func TestATryThatNobodyLookedAtIsNotCounted(t *testing.T) {
	var th throttle
	now := time.Now()
	for i := range 10 * freeOfAddress {
		if wait := try(t, &th, "hoa", "192.0.2.7", now); wait != 0 {
			t.Fatalf("try %d waits %s", i, wait)
		}
		th.unseen("hoa", "192.0.2.7")
	}
	for range freeOfName {
		try(t, &th, "hoa", "192.0.2.7", now)
	}
	if wait := try(t, &th, "hoa", "192.0.2.7", now); wait == 0 {
		t.Error("those that were looked at are not counted")
	}
}

func TestManyTriesAtOnceAreNoWayRound(t *testing.T) {
	var th throttle
	now := time.Now()
	var passed atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if th.begin("hoa", "192.0.2.7", now) == nil {
				passed.Add(1)
			}
		})
	}
	wg.Wait()
	if passed.Load() != freeOfName {
		t.Errorf("%d passed", passed.Load())
	}
}

func TestTheThrottleKeepsFewInMind(t *testing.T) {
	var th throttle
	now := time.Now()
	for i := range keysMost {
		try(t, &th, fmt.Sprint("name", i), fmt.Sprint("address", i), now)
	}
	if n := len(th.tries); n > keysMost+2 {
		t.Errorf("%d", n)
	}
	try(t, &th, "hoa", "192.0.2.7", now.Add(2*forgive))
	if n := len(th.tries); n > keysMost {
		t.Errorf("%d are kept though all are old", n)
	}
}
